namespace MemoryOrleans.Bench.Simulate.Faults;

/// <summary>What becomes of one call of the store.</summary>
internal enum Fault
{
    None,

    /// <summary>It fails, and nothing was done.</summary>
    Before,

    /// <summary>It was done, and its answer got lost.</summary>
    After,

    /// <summary>The store's queue is full: a commit says so, every other call fails.</summary>
    Full,
}

/// <summary>Draws the faults of a seed. Safe for many callers.</summary>
/// <param name="perThousand">Of a thousand calls so many go wrong, while faults are on.</param>
internal sealed class FaultPlan(Random random, int perThousand)
{
    private readonly Lock access = new();
    private int injected;
    private volatile bool isOn;

    /// <summary>Faults so far.</summary>
    public int Injected => Volatile.Read(ref injected);

    /// <summary>Off while what must hold is looked at.</summary>
    public bool IsOn
    {
        get => isOn;
        set => isOn = value;
    }

    public Fault Next()
    {
        if (!isOn)
            return Fault.None;
        lock (access)
        {
            if (random.Next(1000) >= perThousand)
                return Fault.None;
            injected++;
            return random.Next(5) switch { 0 => Fault.Full, < 3 => Fault.Before, _ => Fault.After };
        }
    }
}
