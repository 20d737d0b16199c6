namespace MemoryOrleans.Scheduling;

/// <summary>How due work is polled, leased and tried again.</summary>
public sealed record DueLimits
{
    /// <summary>Time between looks for due work while there is none; 10 ms..60 s, default 250 ms.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a claim holds; what takes longer is given up. 5 s..1 h, default 60 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// When a handler still at work is cancelled: 0.9 of the lease, so that the claim can be ended before another takes it.
    /// </summary>
    public TimeSpan HandlerMax => Lease * 0.9;

    /// <summary>The longest one request to a chat model may take: 0.8 of the lease; the rest is for what is made of its answer.</summary>
    public TimeSpan ChatRequestMax => Lease * 0.8;

    /// <summary>How long a batch may wait for the neural embedder: 0.7 of the lease; the rest is for saving the vectors.</summary>
    public TimeSpan EmbeddingMax => Lease * 0.7;

    /// <summary>How long an erasure goes on beginning steps: 0.5 of the lease; the rest is for ending the step under way.</summary>
    public TimeSpan ErasureMax => Lease * 0.5;

    /// <summary>Failures in a row, other than passing ones, after which work is dead; 1..100, default 6.</summary>
    public int AttemptsMax { get; init; } = 6;

    /// <summary>Work this late makes the health's part <c>schedule</c> unhealthy; 10 s..1 d, default 5 min.</summary>
    public TimeSpan OverdueMax { get; init; } = TimeSpan.FromMinutes(5);

    public BackoffPolicy Backoff { get; init; } = new(TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30));
}
