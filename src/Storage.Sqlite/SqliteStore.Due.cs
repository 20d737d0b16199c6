using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>The durable schedule: claims and their ends are writes in the queue, in order with the commits.</content>
public sealed partial class SqliteStore
{
    public async ValueTask WakeAsync(string tenant, string kind, string subject, DateTimeOffset dueAt, CancellationToken cancel) =>
        await WriteAsync(
            transaction =>
            {
                transaction.Due.Wake(tenant, kind, subject, dueAt, clock.GetUtcNow());
                return true;
            },
            cancel);

    /// <inheritdoc/>
    /// <remarks>Looks first whether there is anything: an idle poll writes nothing and never waits for the disk.</remarks>
    public async ValueTask<IReadOnlyList<DueWork>> ClaimAsync(
        IReadOnlyCollection<string> kindPrefixes, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancel,
        long shards = -1, bool newestFirst = false) =>
        await reads.ReadAsync((kindPrefixes, now), DueQueries.IsAnyOverdue, cancel)
            ? await WriteAsync(transaction => transaction.Due.Claim(kindPrefixes, shards, limit, now, lease, newestFirst), cancel)
            : [];

    public ValueTask<bool> FinishAsync(DueWork claimed, long cursor, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(transaction => transaction.Due.Finish(claimed, cursor), cancel);

    public ValueTask<bool> PostponeAsync(
        DueWork claimed, long cursor, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(transaction => transaction.Due.Postpone(claimed, cursor, dueAt), cancel);

    public ValueTask<bool> RetryAsync(
        DueWork claimed, long cursor, DateTimeOffset dueAt, string reason, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(transaction => transaction.Due.Retry(claimed, cursor, dueAt, reason), cancel);

    public ValueTask<bool> BuryAsync(DueWork claimed, long cursor, string reason, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(transaction => transaction.Due.Bury(claimed, cursor, reason, now), cancel);

    public async ValueTask<Outcome<Page<DueWork>>> ListAsync(
        string tenant, DueState? state, string? kindPrefix, string? cursor, int limit, CancellationToken cancel)
    {
        var after = DuePosition.Start;
        if (cursor is not null && !DuePosition.TryParse(cursor, out after))
            return DuePosition.Refusal;
        return await reads.ReadAsync((tenant, state, kindPrefix, after, limit), DueQueries.List, cancel);
    }

    public ValueTask<DueWork?> RequeueAsync(string tenant, long id, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(transaction => transaction.Due.Requeue(tenant, id, now), cancel);

    public ValueTask<IReadOnlyList<DueBacklog>> CountAsync(string? tenant, CancellationToken cancel) =>
        reads.ReadAsync(tenant, DueQueries.Count, cancel);

    public ValueTask<DueWork?> FindAsync(string tenant, string kind, string subject, CancellationToken cancel) =>
        reads.ReadAsync((tenant, kind, subject), DueQueries.Find, cancel);

    public ValueTask<IReadOnlyList<DueLag>> PeekAsync(CancellationToken cancel) => reads.ReadAsync(true, DueQueries.Peek, cancel);

    public ValueTask<IReadOnlyList<JobRun>> ListRunsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadAsync(tenant, JobRuns.List, cancel);

    public async ValueTask SaveRunAsync(string tenant, JobRun run, CancellationToken cancel) =>
        await WriteOfAsync(tenant, transaction => JobRuns.Save(transaction.Connection, tenant, run), cancel);

    public async ValueTask RemoveRunAsync(string tenant, string kind, CancellationToken cancel) =>
        await WriteAsync(transaction => JobRuns.Remove(transaction.Connection, tenant, kind), cancel);

    public ValueTask<LateJob?> FindLatestAsync(CancellationToken cancel) => reads.ReadAsync(true, JobRuns.FindLatest, cancel);

    public ValueTask<IReadOnlyList<string>> FindTenantsWithoutAsync(string kind, CancellationToken cancel) =>
        reads.ReadAsync(kind, JobRuns.FindTenantsWithout, cancel);

    /// <summary>A write of a tenant's texts.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write, or its queue is full.</exception>
    private async ValueTask<T> WriteTextsAsync<T>(string tenant, Func<WriteTransaction, T> write, CancellationToken cancel)
    {
        var pending = new AnsweredWrite<T>(write, weight: 1)
        {
            Tenant = tenant, Seal = ring is null ? null : await ring.FindOrMakeAsync(tenant, cancel),
        };
        await EnqueueOrThrowAsync(pending, cancel);
        return pending.Answer!;
    }

    /// <summary>A write of a tenant that is refused while the tenant is being erased.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write, its queue is full, or the tenant is being erased.</exception>
    private async ValueTask<T> WriteOfAsync<T>(
        string tenant, Func<WriteTransaction, T> write, CancellationToken cancel, int weight = 1)
    {
        var pending = new AnsweredWrite<T>(write, weight) { Tenant = tenant };
        await EnqueueOrThrowAsync(pending, cancel);
        return pending.Answer!;
    }

    /// <exception cref="StoreUnavailableException">The store cannot write, or its queue is full.</exception>
    private async ValueTask<T> WriteAsync<T>(Func<WriteTransaction, T> write, CancellationToken cancel, int weight = 1)
    {
        var pending = new AnsweredWrite<T>(write, weight);
        await EnqueueOrThrowAsync(pending, cancel);
        return pending.Answer!;
    }
}
