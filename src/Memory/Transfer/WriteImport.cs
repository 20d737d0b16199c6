using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>The ports an import reads and writes through.</summary>
public sealed record TransferPorts(ITransferStore Transfers, ISessionStore Sessions, IMemoryStore Memories, IGraphStore Graph);

/// <summary>
/// Writes verified records: those of one kind that stand together in a transaction, or, of memories, in one for each version.
/// </summary>
internal sealed class WriteImport(string tenant, TransferPorts stores, TimeProvider clock)
{
    private const int AttemptsMax = 8;

    private readonly PlanSessions ofSessions = new(tenant, stores.Sessions);
    private readonly HashSet<SourceTurn> erasedThere = [];

    /// <summary>How many the tenant did not have.</summary>
    public async Task<Outcome<TransferCounts>> RunAsync(IReadOnlyList<NumberedRecord> records, CancellationToken cancel)
    {
        var added = new TransferCounts();
        var sources = new CheckSources(tenant, stores.Sessions, erasedThere);
        var (ofMemories, ofGraph) = (new PlanMemories(tenant, stores.Memories, sources), new PlanGraph(tenant, stores.Graph, sources));
        erasedThere.UnionWith(records.Select(static numbered => numbered.Record).OfType<TurnRecord>()
            .Where(static record => record.Turn.IsErased)
            .Select(static record => new SourceTurn(record.Turn.SessionId, record.Turn.Id, record.Turn.Seq)));
        foreach (var part in CutFamilies(records))
        {
            var written = part[0].Record switch
            {
                SessionRecord or TurnRecord => await WriteSessionsAsync(part, cancel),
                DeletedSessionRecord => await WriteDeletedAsync(part, cancel),
                MemoryVersionRecord => await RetryAsync(part, () => ofMemories.PlanAsync(part, cancel), WriteMemoriesAsync),
                _ => await RetryAsync(
                    part, () => ofGraph.PlanAsync(part, cancel), writes => stores.Graph.CommitGraphAsync(new GraphCommit(tenant, writes))),
            };
            if (!written.IsSuccess)
                return written;
            added += written.Value;
        }

        return added;
    }

    private async Task<Outcome<TransferCounts>> WriteSessionsAsync(IReadOnlyList<NumberedRecord> part, CancellationToken cancel)
    {
        var written = await RetryAsync(
            part,
            () => ofSessions.PlanAsync(part, cancel),
            writes => stores.Transfers.ImportSessionsAsync(tenant, writes, [], clock.GetUtcNow(), cancel));
        ofSessions.Advance(part);
        return written;
    }

    private async Task<Outcome<TransferCounts>> WriteDeletedAsync(IReadOnlyList<NumberedRecord> part, CancellationToken cancel)
    {
        var news = new List<DeletedSessionRecord>();
        foreach (var (_, record) in part)
        {
            var deleted = (DeletedSessionRecord)record;
            if (await stores.Sessions.FindSessionAsync(new SessionKey(tenant, deleted.Id), cancel) is { Session: null,
                TombstoneVersion: 0 })
                news.Add(deleted);
        }

        return await RetryAsync(
            part,
            () => Task.FromResult<Outcome<ImportPlan<DeletedSessionRecord>>>(
                new ImportPlan<DeletedSessionRecord>(news, new TransferCounts(DeletedSessions: news.Count))),
            writes => stores.Transfers.ImportSessionsAsync(tenant, [], writes, clock.GetUtcNow(), cancel));
    }

    /// <summary>A memory's versions follow one another, so each is a commit's own.</summary>
    private async Task<CommitStatus> WriteMemoriesAsync(IReadOnlyList<MemoryWrite> writes)
    {
        foreach (var versions in writes.GroupBy(static write => write.After.Version).OrderBy(static group => group.Key))
        {
            var status = await stores.Memories.CommitMemoriesAsync(new MemoryCommit(tenant, [.. versions]) { IsTold = false },
                CancellationToken.None);
            if (status != CommitStatus.Committed)
                return status;
        }

        return CommitStatus.Committed;
    }

    // Others may write to the tenant meanwhile. After a stale commit the part is planned again with what they changed.
    private static async Task<Outcome<TransferCounts>> RetryAsync<T>(
        IReadOnlyList<NumberedRecord> part, Func<Task<Outcome<ImportPlan<T>>>> plan, Func<IReadOnlyList<T>, Task<CommitStatus>> write)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var planned = await plan();
            if (!planned.IsSuccess)
                return planned.Error;
            var status = planned.Value.Writes.Count == 0 ? CommitStatus.Committed : await write(planned.Value.Writes);
            switch (status)
            {
                case CommitStatus.Committed:
                    return planned.Value.Added;
                case CommitStatus.Overloaded:
                    return new MemoryError(ErrorCode.Overloaded, "The store's queue is full; import again, what is stored is recognised.");
                case CommitStatus.Unavailable:
                    return new MemoryError(ErrorCode.StoreUnavailable,
                        "The store cannot write; import again, what is stored is recognised.");
                default:
                    continue;
            }
        }

        return ImportErrors.Conflict(part[0].Line, "id",
            "begins records that the tenant has in another form, or that others keep changing");
    }

    private static List<List<NumberedRecord>> CutFamilies(IReadOnlyList<NumberedRecord> records)
    {
        var families = new List<List<NumberedRecord>>();
        foreach (var record in records)
        {
            if (families.Count == 0 || FamilyOf(families[^1][0].Record) != FamilyOf(record.Record))
                families.Add([]);
            families[^1].Add(record);
        }

        return families;
    }

    private static int FamilyOf(TransferRecord record) => record switch
    {
        SessionRecord or TurnRecord => 0,
        DeletedSessionRecord => 1,
        MemoryVersionRecord => 2,
        EntityRecord or ObservationRecord => 3,
        _ => 4,
    };
}
