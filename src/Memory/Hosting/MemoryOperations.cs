using System.Runtime.ExceptionServices;
using MemoryOrleans.Episodes;
using MemoryOrleans.Erasures;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Hosting;

/// <summary>
/// What callers do with memories, the same under every host: read, decide, commit, and again when another commit came
/// between.
/// </summary>
/// <param name="ids">Mints ids of memories and operations; unique within a tenant.</param>
public sealed class MemoryOperations(
    ISessionStore sessions, IMemoryStore memories, IErasureStore erasures, SessionDistiller distil, FactConsolidator consolidate,
    SalienceCurve curve, ConsolidationRules rules, TimeProvider clock, Func<string> ids) : IMemoryOperations, IDisposable
{
    private const int AttemptsMax = 10;

    // Of a listing by metadata, which looks at every memory: a page may then be short of its limit, with a cursor to go on.
    private const int ListReadsMax = 50;

    private static readonly MemoryError Contended = new(
        ErrorCode.StoreUnavailable, "The memory is changed by others all the time; nothing was stored.",
        RetryAfter: TimeSpan.FromSeconds(1));

    private readonly ReinforcementBuffer reinforcements = new(memories, curve);

    public async Task<Outcome<DistillationReport>> DistilAsync(SessionKey key, CancellationToken cancel)
    {
        try
        {
            return await distil.RunAsync(key, cancel);
        }
        catch (DistillerException failure)
        {
            return new MemoryError(ErrorCode.NotReady, "The distiller does not answer; nothing is lost.", RetryAfter: failure.RetryAfter);
        }
    }

    public async Task<Outcome<DistillationProgress>> GetProgressAsync(SessionKey key, CancellationToken cancel) =>
        (await sessions.FindSessionAsync(key, cancel)).Session is { } session
            ? new DistillationProgress(session.LastSeq, await memories.FindDistilledAsync(key, cancel))
            : new MemoryError(ErrorCode.NotFound, "There is no such session.");

    public async Task<Outcome<MemoryRecord>> WriteAsync(
        string tenant, MemoryDraft draft, IReadOnlyList<TurnReference> sources, CancellationToken cancel)
    {
        var found = await FindSourcesAsync(tenant, sources, cancel);
        if (!found.IsSuccess)
            return found.Error;
        var write = WriteMemory.Write(draft with { Sources = found.Value }, ids(), ids(), Now());
        if (!write.IsSuccess)
            return write.Error;
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var commit = await CommitOfAsync(tenant, write.Value, before: null, cancel);
            if (!commit.IsSuccess)
                return commit.Error;
            var status = await memories.CommitMemoriesAsync(commit.Value, cancel);
            if (status == CommitStatus.Committed)
                return await FindErasedMeanwhileAsync(tenant, write.Value.After, sources) is { } gone ? gone : write.Value.After;
            if (status != CommitStatus.Stale)
                return CommitErrors.Of(status, Contended);
        }

        return Contended;
    }

    /// <summary>
    /// Looks once more at the turns that a memory just written cites, and erases it when one of them is gone: an erasure empties turns
    /// before it looks for what cites them, and may have looked before the memory was there. Whoever asked cannot call it off.
    /// </summary>
    private async Task<MemoryError?> FindErasedMeanwhileAsync(string tenant, MemoryRecord written, IReadOnlyList<TurnReference> sources)
    {
        if (sources.Count == 0 || await FindSourcesAsync(tenant, sources, CancellationToken.None) is not { IsSuccess: false } gone)
            return null;
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var history = await memories.ReadHistoryAsync(tenant, written.Id, CancellationToken.None);
            var erasure = EraseMemory.Erase(history, ifMatchVersion: null, ids(), Now());
            if (!erasure.IsSuccess)
                return gone.Error;
            if (CommitErrors.IsCommitted(
                await erasures.RedactMemoryAsync(tenant, erasure.Value.Tombstone, erasure.Value.Redacted, CancellationToken.None)))
                return gone.Error;
        }

        throw new StoreUnavailableException("The memory is changed by others all the time.");
    }

    /// <summary>The write on the condition that no other memory of its owner has one of its new aliases, then or meanwhile.</summary>
    private async Task<Outcome<MemoryCommit>> CommitOfAsync(
        string tenant, MemoryWrite write, MemoryRecord? before, CancellationToken cancel)
    {
        var after = write.After;
        var keys = after.Aliases.Except(before?.Aliases ?? [], StringComparer.Ordinal)
            .ToDictionary(alias => FactKeys.AliasKey(after.Owner, alias), StringComparer.Ordinal);
        if (keys.Count == 0)
            return new MemoryCommit(tenant, [write]);
        var owner = await memories.FindOwnerVersionAsync(tenant, after.Owner.UserId, cancel);
        foreach (var other in await memories.FindByKeysAsync(tenant, after.Owner.UserId, keys.Keys, cancel))
        {
            if (other.Id != after.Id && other.Owner == after.Owner
                && other.Aliases.Any(alias => keys.ContainsKey(FactKeys.AliasKey(other.Owner, alias))))
                return new MemoryError(ErrorCode.NameConflict, "Another memory of the same owner has this alias.", "aliases");
        }

        return new MemoryCommit(tenant, [write]) { Owner = owner };
    }

    public async Task<Outcome<Page<MemoryRecord>>> ListAsync(
        string tenant, MemoryFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        if (filter.Metadata is null)
            return await memories.ListMemoriesAsync(tenant, filter, cursor, limit, cancel);
        var found = new List<MemoryRecord>();
        for (var read = 0; read < ListReadsMax; read++)
        {
            // No more than are wanted still, so that the cursor is always behind the last one looked at.
            var page = await memories.ListMemoriesAsync(tenant, filter, cursor, limit - found.Count, cancel);
            if (!page.IsSuccess)
                return page;
            found.AddRange(page.Value.Items.Where(memory => MetadataFilter.Allows(filter.Metadata, memory.Metadata)));
            cursor = page.Value.NextCursor;
            if (cursor is null || found.Count == limit)
                break;
        }

        return new Page<MemoryRecord>(found, cursor);
    }

    public async Task<Outcome<MemoryRecord>> GetAsync(string tenant, string id, CancellationToken cancel)
    {
        var current = await memories.FindMemoryAsync(tenant, id, cancel);
        return MemoryErrors.Of(current, ifMatchVersion: null) is { } error ? error : reinforcements.Apply(tenant, current!);
    }

    public async Task<Outcome<IReadOnlyList<MemoryRecord>>> ReadHistoryAsync(string tenant, string id, CancellationToken cancel)
    {
        var history = await memories.ReadHistoryAsync(tenant, id, cancel);
        return MemoryErrors.Of(history.Count == 0 ? null : history[^1], ifMatchVersion: null) is { } error ? error : Outcome.Of(history);
    }

    public async Task<Outcome<MemoryRecord>> EditAsync(
        string tenant, string id, MemoryPatch patch, long? ifMatchVersion, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var current = await memories.FindMemoryAsync(tenant, id, cancel);
            var successor = patch.SupersededBy is { } other ? await memories.FindMemoryAsync(tenant, other, cancel) : null;
            var edit = EditMemory.Edit(current, patch, ifMatchVersion, curve, ids(), Now(), successor);
            if (!edit.IsSuccess)
                return edit.Error;
            if (edit.Value is not { } write)
                return current!;
            var commit = await CommitOfAsync(tenant, write, current, cancel);
            if (!commit.IsSuccess)
                return commit.Error;
            var status = await memories.CommitMemoriesAsync(commit.Value, cancel);
            if (status == CommitStatus.Committed)
                return write.After;
            if (status != CommitStatus.Stale)
                return CommitErrors.Of(status, Contended);
        }

        return Contended;
    }

    public async Task<Outcome<UndoneOperation>> UndoAsync(string tenant, string id, long? ifMatchVersion, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var current = await memories.FindMemoryAsync(tenant, id, cancel);
            if (MemoryErrors.Of(current, ifMatchVersion) is { } error)
                return error;
            var (operation, undoing) = (current!.Operation, ids());
            var undo = UndoOperation.Undo(operation, await ReadHistoriesAsync(tenant, operation, cancel), undoing, Now());
            if (!undo.IsSuccess)
                return undo.Error;
            var status = await memories.CommitMemoriesAsync(new MemoryCommit(tenant, undo.Value), cancel);
            if (status == CommitStatus.Committed)
                return new UndoneOperation(undoing, [.. undo.Value.Select(static write => write.After)]);
            if (status != CommitStatus.Stale)
                return CommitErrors.Of(status, Contended);
        }

        return Contended;
    }

    public async Task<Outcome<Salience>> CiteAsync(string tenant, string id, CancellationToken cancel)
    {
        var current = await memories.FindMemoryAsync(tenant, id, cancel);
        var now = Now();
        if (CiteMemory.Cite(current, curve, now) is { IsSuccess: false } refused)
            return refused.Error!;
        while (!reinforcements.TryAdd(tenant, id, Reinforcement.Citation, now))
            await SaveReinforcementsAsync(cancel);
        return reinforcements.Apply(tenant, current!).Salience;
    }

    /// <summary>
    /// Takes note that memories were recalled and used: shown in a context that was put together. A hint: what does not fit into
    /// the batch is dropped.
    /// </summary>
    public void NoteUsed(string tenant, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            if (!reinforcements.TryAdd(tenant, id, Reinforcement.UsedRecall, Now()))
                return;
        }
    }

    /// <summary>Saves the reinforcements gathered so far, and promotes candidates that they raised far enough.</summary>
    /// <exception cref="StoreUnavailableException">Of some tenants the store cannot write; those of the others are saved.</exception>
    public async Task SaveReinforcementsAsync(CancellationToken cancel)
    {
        var (candidates, failure) = await reinforcements.SaveAsync(cancel);
        foreach (var (tenant, before) in candidates)
        {
            if (await memories.FindMemoryAsync(tenant, before.Id, cancel) is { Status: MemoryStatus.Candidate } candidate
                && curve.At(candidate, Now()) >= rules.PromotionSalience)
            {
                await consolidate.ReconsiderAsync(tenant, candidate, cancel);
            }
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose() => reinforcements.Dispose();

    private async Task<Outcome<IReadOnlyList<SourceTurn>>> FindSourcesAsync(
        string tenant, IReadOnlyList<TurnReference> cited, CancellationToken cancel)
    {
        (string SessionId, string TurnId)[] named = [.. cited.Select(static source => (source.SessionId, source.TurnId))];
        var found = await FindCitable.OfAsync(sessions, tenant, named, cancel);
        return Array.TrueForAll(named, found.ContainsKey)
            ? Outcome.Of<IReadOnlyList<SourceTurn>>([.. named.Select(source => found[source]).Distinct()])
            : TurnReference.NoneSuch;
    }

    private async Task<IReadOnlyList<IReadOnlyList<MemoryRecord>>> ReadHistoriesAsync(
        string tenant, string operation, CancellationToken cancel)
    {
        var histories = new List<IReadOnlyList<MemoryRecord>>();
        var versions = await memories.ReadOperationAsync(tenant, operation, cancel);
        foreach (var id in versions.Select(static version => version.Id).Distinct(StringComparer.Ordinal))
            histories.Add(await memories.ReadHistoryAsync(tenant, id, cancel));
        return histories;
    }

    private DateTimeOffset Now() => Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));
}
