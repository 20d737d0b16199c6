using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Due work: a piece is its tenant's, what looks for work looks in every database that can be reached.</content>
public sealed partial class RoutedStore
{
    /// <inheritdoc/>
    /// <remarks>Each call begins with another database, so that one full of work does not keep the others waiting.</remarks>
    public async ValueTask<IReadOnlyList<DueWork>> ClaimAsync(
        IReadOnlyCollection<string> kindPrefixes, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancel, long shards = -1,
        bool newestFirst = false)
    {
        var claimed = new List<DueWork>();
        var first = (int)((uint)Interlocked.Increment(ref turn) % databases.Count);
        var answered = 0;
        for (var i = 0; i < databases.Count && claimed.Count < limit; i++)
        {
            var (isAnswered, some) = await databases[(first + i) % databases.Count].TryAskAsync(
                (store, token) => store.ClaimAsync(kindPrefixes, limit - claimed.Count, now, lease, token, shards, newestFirst).AsTask(),
                cancel);
            answered += isAnswered ? 1 : 0;
            claimed.AddRange(some ?? []);
        }

        return answered > 0 ? claimed : throw new StoreUnavailableException("None of the databases can be reached.");
    }

    public async ValueTask<IReadOnlyList<DueLag>> PeekAsync(CancellationToken cancel) =>
    [
        .. (await AskEachAsync(static (store, token) => store.PeekAsync(token).AsTask(), cancel)).SelectMany(static each => each)
            .GroupBy(static each => each.Kind, StringComparer.Ordinal).OrderBy(static kind => kind.Key, StringComparer.Ordinal)
            .Select(static kind => new DueLag(kind.Key, kind.Sum(static each => each.Dead), kind.Min(static each => each.OldestDueAt))),
    ];

    public async ValueTask<IReadOnlyList<DueBacklog>> CountAsync(string? tenant, CancellationToken cancel)
    {
        if (tenant is not null)
            return await (await ToReadAsync(tenant, cancel)).CountAsync(tenant, cancel);
        return
        [
            .. (await AskEachAsync(static (store, token) => store.CountAsync(null, token).AsTask(), cancel)).SelectMany(static each => each)
                .GroupBy(static each => each.Kind, StringComparer.Ordinal).OrderBy(static kind => kind.Key, StringComparer.Ordinal)
                .Select(static kind => new DueBacklog(
                    kind.Key, kind.Sum(static each => each.Ready), kind.Sum(static each => each.Dead),
                    kind.Min(static each => each.OldestDueAt))),
        ];
    }

    public async ValueTask<LateJob?> FindLatestAsync(CancellationToken cancel) =>
        (await AskEachAsync(static (store, token) => store.FindLatestAsync(token).AsTask(), cancel))
            .Where(static each => each is not null).OrderBy(static each => each!.Value.ExpectedAt).FirstOrDefault();

    public async ValueTask<IReadOnlyList<string>> FindTenantsWithoutAsync(string kind, CancellationToken cancel) =>
        [.. (await AskEachAsync((store, token) => store.FindTenantsWithoutAsync(kind, token).AsTask(), cancel))
        .SelectMany(static each => each)];

    public async ValueTask WakeAsync(string tenant, string kind, string subject, DateTimeOffset dueAt, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).WakeAsync(tenant, kind, subject, dueAt, cancel);

    public async ValueTask<bool> FinishAsync(DueWork claimed, long cursor, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(claimed.Tenant, cancel)).FinishAsync(claimed, cursor, now, cancel);

    public async ValueTask<bool> PostponeAsync(
        DueWork claimed, long cursor, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(claimed.Tenant, cancel)).PostponeAsync(claimed, cursor, dueAt, now, cancel);

    public async ValueTask<bool> RetryAsync(
        DueWork claimed, long cursor, DateTimeOffset dueAt, string reason, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(claimed.Tenant, cancel)).RetryAsync(claimed, cursor, dueAt, reason, now, cancel);

    public async ValueTask<bool> BuryAsync(DueWork claimed, long cursor, string reason, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(claimed.Tenant, cancel)).BuryAsync(claimed, cursor, reason, now, cancel);

    public async ValueTask<Outcome<Page<DueWork>>> ListAsync(
         string tenant, DueState? state, string? kindPrefix, string? cursor, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListAsync(tenant, state, kindPrefix, cursor, limit, cancel);

    public async ValueTask<DueWork?> RequeueAsync(string tenant, long id, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).RequeueAsync(tenant, id, now, cancel);

    public async ValueTask<DueWork?> FindAsync(string tenant, string kind, string subject, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindAsync(tenant, kind, subject, cancel);

    public async ValueTask<IReadOnlyList<JobRun>> ListRunsAsync(string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListRunsAsync(tenant, cancel);

    public async ValueTask SaveRunAsync(string tenant, JobRun run, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).SaveRunAsync(tenant, run, cancel);

    public async ValueTask RemoveRunAsync(string tenant, string kind, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).RemoveRunAsync(tenant, kind, cancel);
}
