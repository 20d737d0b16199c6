namespace MemoryOrleans.Scheduling;

/// <summary>How due work is polled, leased and tried again.</summary>
public sealed record DueLimits
{
    /// <summary>Time between looks for due work while there is none; 10 ms..60 s, default 250 ms.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a claim holds; what takes longer is given up. 5 s..1 h, default 60 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Failures in a row, other than passing ones, after which work is dead; 1..100, default 6.</summary>
    public int AttemptsMax { get; init; } = 6;

    /// <summary>Work this late makes the health's part <c>schedule</c> unhealthy; 10 s..1 d, default 5 min.</summary>
    public TimeSpan OverdueMax { get; init; } = TimeSpan.FromMinutes(5);

    public BackoffPolicy Backoff { get; init; } = new(TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30));
}
