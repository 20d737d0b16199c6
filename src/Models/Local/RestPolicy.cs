namespace MemoryOrleans.Models.Local;

/// <summary>
/// How long a thread rests after a piece of work that nobody waits for. The operating system gives such a thread only time that nobody
/// wants, but its work goes through the caches and the memory that requests need too: beside it an append took a third more of the
/// processor. So while the rest of the process is busy, it takes no more than a share of the time.
/// </summary>
internal static class RestPolicy
{
    /// <summary>Below this share of all processors the rest of the process is at leisure: no rest.</summary>
    public const double LeisureMax = 0.25;

    /// <summary>From this share on it is busy: the whole rest.</summary>
    public const double BusyMin = 0.5;

    /// <summary>So that what waits gets on all the same.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromSeconds(1);

    /// <param name="worked">The processor time that the piece took.</param>
    /// <param name="busy">What the rest of the process took of all processors meanwhile, 0..1.</param>
    /// <param name="percent">Of the time that the work may take beside a busy process, 1..100.</param>
    public static TimeSpan After(TimeSpan worked, double busy, int percent)
    {
        var whole = worked * ((100.0 / percent) - 1);
        var rest = whole * Math.Clamp((busy - LeisureMax) / (BusyMin - LeisureMax), 0, 1);
        return rest < RestMax ? rest : RestMax;
    }
}
