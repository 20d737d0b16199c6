namespace MemoryOrleans.Sessions;

/// <summary>
/// When a session is distilled, and which appends have to say so. An append writes a wake only when the one its actor wrote
/// before does not serve. No wake is lost by that:
/// work is removed only by a handler that ran, and it runs at the wake's time at the earliest. An append nearer to that time
/// than <see cref="Margin"/>, or after it, writes a wake of its own, which makes work again that is being finished. One before it
/// is durable when the handler reads the session (a commit takes seconds at most, and clocks agree to well within the margin): the
/// handler sees that it is not idle and puts itself off (<see cref="PutOffUntil"/>). Whatever else may end the work (another
/// process's commit, a close, a deletion, an erasure) moves the session's version, so that the actor's next commit is stale, its
/// state is loaded afresh and with it no wake is known.
/// </summary>
public static class DistilWakePolicy
{
    /// <summary>How long before its time a wake no longer counts on being seen.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>When to wake distillation for an append; null when the outstanding wake serves.</summary>
    /// <param name="lastSeqBefore">The session's last seq before the append, <paramref name="lastSeq"/> after it.</param>
    /// <param name="outstanding">The time of the last wake this actor wrote since it loaded the session; null when it wrote none.</param>
    public static DateTimeOffset? AfterAppend(
        long lastSeqBefore, long lastSeq, DateTimeOffset? outstanding, DateTimeOffset now, DistillationPace pace)
    {
        if (lastSeq / pace.EveryTurns > lastSeqBefore / pace.EveryTurns)
            return now;
        return outstanding is { } due && now < due - Margin ? null : now + pace.Idle;
    }

    /// <summary>Until when a woken distillation waits; null when it has its time, or nothing to do.</summary>
    /// <param name="distilled">The last seq distilled.</param>
    public static DateTimeOffset? PutOffUntil(Session session, long distilled, DateTimeOffset now, DistillationPace pace)
    {
        var left = session.LastSeq - distilled;
        if (left <= 0 || left >= pace.EveryTurns || session.Status == SessionStatus.Closed)
            return null;
        var idleAt = session.UpdatedAt + pace.Idle;
        return now < idleAt ? idleAt : null;
    }
}
