namespace MemoryOrleans.Grains;

/// <summary>Session grains active in this process. Safe for concurrent use.</summary>
public sealed class ActivationCount
{
    private int active;

    public int Active => Volatile.Read(ref active);

    internal void Add(int change) => Interlocked.Add(ref active, change);
}
