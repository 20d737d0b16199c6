namespace MemoryOrleans.Sessions;

/// <summary>When a session's turns are distilled without being asked for.</summary>
public sealed record DistillationPace
{
    /// <summary>
    /// After so many turns; 1..100, default 20. Not more than working memory holds, so that what leaves it is on its way to be distilled.
    /// </summary>
    public int EveryTurns { get; init; } = 20;

    /// <summary>When nothing was said for so long; 1 s..7 d, default 10 min.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);
}
