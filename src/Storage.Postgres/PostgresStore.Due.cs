using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Postgres;

/// <content>The durable schedule.</content>
public sealed partial class PostgresStore
{
    public async ValueTask WakeAsync(string tenant, string kind, string subject, DateTimeOffset dueAt, CancellationToken cancel) =>
        await reads.WriteAsync(DueQueries.Wake, tenant, (kind, subject, Timestamp.Of(dueAt), Timestamp.Of(clock.GetUtcNow())), cancel);

    public async ValueTask<IReadOnlyList<DueWork>> ClaimAsync(
        IReadOnlyCollection<string> kindPrefixes, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancel,
        long shards = -1, bool newestFirst = false) =>
        await claims.ClaimAsync([.. kindPrefixes], shards, limit, now, lease, newestFirst, cancel);

    public async ValueTask<bool> FinishAsync(DueWork claimed, long cursor, DateTimeOffset now, CancellationToken cancel) =>
        await reads.WriteAsync(DueQueries.Remove, claimed.Tenant, claimed, cancel)
        || await reads.WriteAsync(DueQueries.FinishWoken, claimed.Tenant, (claimed, cursor), cancel);

    public ValueTask<bool> PostponeAsync(
        DueWork claimed, long cursor, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancel) =>
        reads.WriteAsync(DueQueries.Postpone, claimed.Tenant, (claimed, cursor, Timestamp.Of(dueAt)), cancel);

    public ValueTask<bool> RetryAsync(
        DueWork claimed, long cursor, DateTimeOffset dueAt, string reason, DateTimeOffset now, CancellationToken cancel) =>
        reads.WriteAsync(DueQueries.Retry, claimed.Tenant, (claimed, cursor, Timestamp.Of(dueAt), DueReason.Keep(reason)), cancel);

    public ValueTask<bool> BuryAsync(DueWork claimed, long cursor, string reason, DateTimeOffset now, CancellationToken cancel) =>
        reads.WriteAsync(DueQueries.Bury, claimed.Tenant, (claimed, cursor, Timestamp.Of(now), DueReason.Keep(reason)), cancel);

    public async ValueTask<Outcome<Page<DueWork>>> ListAsync(
        string tenant, DueState? state, string? kindPrefix, string? cursor, int limit, CancellationToken cancel)
    {
        var after = DuePosition.Start;
        if (cursor is not null && !DuePosition.TryParse(cursor, out after))
            return DuePosition.Refusal;
        return await reads.ReadPlainAsync(DueQueries.List(state), tenant, new DueListing(state, kindPrefix, after, limit), cancel);
    }

    public ValueTask<DueWork?> RequeueAsync(string tenant, long id, DateTimeOffset now, CancellationToken cancel) =>
        reads.WriteAsync(DueQueries.Requeue, tenant, (id, Timestamp.Of(now)), cancel);

    public async ValueTask<IReadOnlyList<DueBacklog>> CountAsync(string? tenant, CancellationToken cancel) => tenant is null
        ? await claims.CountAsync(cancel)
        : await reads.ReadPlainAsync(DueQueries.Count, tenant, tenant, cancel);

    public ValueTask<DueWork?> FindAsync(string tenant, string kind, string subject, CancellationToken cancel) =>
        reads.ReadPlainAsync(DueQueries.Find, tenant, (kind, subject), cancel);

    public async ValueTask<IReadOnlyList<DueLag>> PeekAsync(CancellationToken cancel) => await claims.PeekAsync(cancel);

    public ValueTask<IReadOnlyList<JobRun>> ListRunsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(JobRuns.List, tenant, true, cancel);

    public async ValueTask SaveRunAsync(string tenant, JobRun run, CancellationToken cancel) =>
        await reads.WriteAsync(JobRuns.Save, tenant, run, cancel);

    public async ValueTask RemoveRunAsync(string tenant, string kind, CancellationToken cancel) =>
        await reads.WriteAsync(JobRuns.Remove, tenant, kind, cancel);

    public async ValueTask<LateJob?> FindLatestAsync(CancellationToken cancel) => await claims.FindLatestAsync(cancel);

    public async ValueTask<IReadOnlyList<string>> FindTenantsWithoutAsync(string kind, CancellationToken cancel) =>
        await claims.FindTenantsWithoutAsync(kind, cancel);
}
