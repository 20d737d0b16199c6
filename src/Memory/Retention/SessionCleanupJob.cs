using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Retention;

/// <summary>
/// Deletes sessions in which nothing has happened for the time to live. Memories made of them stay. One with turns that are not
/// distilled yet is kept, and distilled first: nothing is lost because a distiller was away.
/// </summary>
/// <param name="delete">Deletes the session if it has that version; nothing happens else.</param>
public sealed class SessionCleanupJob(
    ISessionStore sessions, IMemoryStore memories, IDueStore due, UpkeepRules upkeep, TimeProvider clock,
    Func<SessionKey, long, CancellationToken, Task<Outcome<Session>>> delete) : RecurringJob(due, clock)
{
    private const int PageSize = 100;

    private readonly IDueStore due = due;
    private readonly TimeProvider clock = clock;

    public override string KindPrefix => DueKinds.SessionCleanup;

    public override TimeSpan Period => upkeep.SessionCleanupPeriod;

    public override bool IsWanted(string tenant) => upkeep.SessionTtl is not null;

    protected override async Task<JobStep> RunPageAsync(
        string tenant, string? position, DateTimeOffset roundStartedAt, CancellationToken cancel)
    {
        // Listed from the newest to the oldest, beginning with what is old enough.
        var before = roundStartedAt - upkeep.SessionTtl!.Value;
        var start = new ListPosition(Timestamp.Of(before), long.MaxValue).ToCursor();
        var listed = await sessions.ListSessionsAsync(tenant, new SessionFilter(), position ?? start, PageSize, cancel);
        var page = listed.IsSuccess
            ? listed.Value : (await sessions.ListSessionsAsync(tenant, new SessionFilter(), start, PageSize, cancel)).Value;
        var (kept, waiting, deleted) = (0, 0, 0);
        foreach (var session in page.Items)
        {
            if (session.UpdatedAt >= before)
                kept++;
            else if (!await IsDistilledAsync(new SessionKey(tenant, session.Id), session, cancel))
                waiting++;
            else if ((await delete(new SessionKey(tenant, session.Id), session.Version, cancel)).IsSuccess)
                deleted++;
            else
                kept++;
        }

        return new JobStep(page.NextCursor, JobCounts.Of(("kept", kept), ("not_distilled", waiting), ("deleted", deleted)));
    }

    private async Task<bool> IsDistilledAsync(SessionKey key, Session session, CancellationToken cancel)
    {
        if (await memories.FindDistilledAsync(key, cancel) >= session.LastSeq)
            return true;
        await due.WakeAsync(key.Tenant, DueKinds.Distil, key.Id, clock.GetUtcNow(), cancel);
        return false;
    }
}
