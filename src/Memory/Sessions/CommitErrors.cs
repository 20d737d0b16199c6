namespace MemoryOrleans.Sessions;

/// <summary>What callers are told of a commit that changed nothing.</summary>
public static class CommitErrors
{
    private static readonly TimeSpan QueueRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(2);

    /// <param name="status">Anything but <see cref="CommitStatus.Committed"/>.</param>
    /// <param name="whenStale">The error of a commit that the store had moved on from.</param>
    public static MemoryError Of(CommitStatus status, MemoryError whenStale) => status switch
    {
        CommitStatus.Committed => throw new ArgumentOutOfRangeException(nameof(status), "What was committed has no error."),
        CommitStatus.Stale => whenStale,
        CommitStatus.Overloaded =>
        new MemoryError(ErrorCode.Overloaded, "The write queue is full; nothing was stored.", RetryAfter: QueueRetry),
        _ => new MemoryError(ErrorCode.StoreUnavailable, "The store cannot write at the moment; nothing was stored.",
        RetryAfter: StoreRetry),
    };

    /// <summary>True when it was committed, false when the store had moved on: the work is then judged again.</summary>
    /// <exception cref="StoreUnavailableException">The store did not take the commit.</exception>
    public static bool IsCommitted(CommitStatus status) => status switch
    {
        CommitStatus.Committed => true,
        CommitStatus.Stale => false,
        _ => throw new StoreUnavailableException($"The store could not write ({status})."),
    };
}
