using MemoryOrleans.Recall.Index;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall;

/// <summary>
/// By whose clock a question's "yesterday" is meant: the time zone that it names, else the session's, else that of the user's
/// newest session that has one, else the offset that the user's newest turn was told with, else UTC.
/// </summary>
internal sealed class AskersClock(ISessionStore store)
{
    /// <param name="time">When it is asked, or as of when.</param>
    /// <param name="snapshots">What is searched; more than one partition have no clock of their own.</param>
    public async ValueTask<DateTimeOffset> AtAsync(
        RecallQuery query, Session? session, IReadOnlyList<PartitionSnapshot> snapshots, DateTimeOffset time, CancellationToken cancel)
    {
        var user = query.UserId ?? session?.UserId;
        var zone = query.TimeZone ?? session?.TimeZone
            ?? (user is null ? null : await store.FindTimeZoneAsync(query.Tenant, user, cancel));
        if (zone is not null)
            return PersonClock.At(time.ToUniversalTime(), zone);
        return snapshots is [{ TurnCount: > 0 } only]
            ? Timestamp.Read(Timestamp.Of(time), only.Turns[only.TurnCount - 1].OffsetMinutes)
            : time.ToUniversalTime();
    }
}
