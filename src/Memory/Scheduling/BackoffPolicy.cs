namespace MemoryOrleans.Scheduling;

/// <summary>How chance spreads delays, so that what failed together is not tried again together.</summary>
public enum Jitter
{
    /// <summary>Anything from nothing to the whole delay.</summary>
    Full,

    /// <summary>Half of the delay, and anything up to the other half.</summary>
    Equal,
}

/// <summary>
/// How long to wait after failures in a row: <paramref name="Base"/> × <paramref name="Factor"/>^(failures − 1), at most
/// <paramref name="Max"/>, spread by chance. After Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
/// </summary>
/// <param name="Factor">At least 1.</param>
public sealed record BackoffPolicy(TimeSpan Base, double Factor, TimeSpan Max, Jitter Jitter = Jitter.Equal)
{
    /// <param name="failures">In a row, the latest included; at least 1.</param>
    /// <param name="chance">At random, 0 ≤ chance &lt; 1.</param>
    public TimeSpan DelayAfter(int failures, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var whole = Math.Min(Base.Ticks * Math.Pow(Factor, failures - 1), Max.Ticks);
        return TimeSpan.FromTicks((long)(Jitter == Jitter.Full ? whole * chance : whole * (1 + chance) / 2));
    }
}
