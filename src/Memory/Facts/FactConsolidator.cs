using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Facts;

/// <summary>
/// Consolidates with what the store holds, and commits; one at a time for an owner within this process, so that two sessions
/// of a user do not both add what they both say. Processes over one PostgreSQL each keep their own turnstile: of two that meet
/// the store takes one commit, and the other, made up from what was there before, is stale.
/// </summary>
public sealed class FactConsolidator(IMemoryStore memories, ConsolidateFacts consolidate, TimeProvider clock) : IDisposable
{
    /// <summary>The newest memories of the owner that statements are compared with, beside those with a key in common.</summary>
    public const int NewestMax = 300;

    private const int PageSize = 100;
    private const int TurnstilesCount = 64;

    private readonly SemaphoreSlim[] turnstiles = [.. Enumerable.Range(0, TurnstilesCount).Select(static _ => new SemaphoreSlim(1, 1))];

    /// <summary>
    /// Commits what the statements come to, together with other writes and the range of turns they are from. Stale: nothing
    /// was written; do it again. The ids are those of the facts written.
    /// </summary>
    public async Task<(CommitStatus Status, IReadOnlyList<string> Facts)> CommitAsync(
        string tenant, FactStatements statements, IReadOnlyList<MemoryWrite> beside, DistilledRange range, CancellationToken cancel)
    {
        var turnstile = TurnstileOf(tenant, statements.Owner);
        await turnstile.WaitAsync(cancel);
        try
        {
            var guard = await FindGuardAsync(tenant, statements.Owner, cancel);
            var existing = await FindExistingAsync(tenant, ConsolidationScope.Of(statements), cancel);
            var facts = consolidate.Apply(statements, existing, Now());
            var commit = new MemoryCommit(tenant, [.. beside, .. facts]) { Distilled = range, Owner = facts.Count > 0 ? guard : null };
            var status = await memories.CommitMemoriesAsync(commit, cancel);
            return (status, [.. facts.Select(static write => write.After.Id)]);
        }
        finally
        {
            turnstile.Release();
        }
    }

    /// <summary>
    /// Promotes a candidate whose salience has reached the threshold since. Whether the store took it; a next citation tries again.
    /// </summary>
    public async Task<CommitStatus> ReconsiderAsync(string tenant, MemoryRecord candidate, CancellationToken cancel)
    {
        var turnstile = TurnstileOf(tenant, candidate.Owner);
        await turnstile.WaitAsync(cancel);
        try
        {
            var guard = await FindGuardAsync(tenant, candidate.Owner, cancel);
            var existing = await FindExistingAsync(tenant, ConsolidationScope.Of(candidate.Owner, [(candidate.Content, candidate.Claim)]),
                cancel);
            var writes = consolidate.Reconsider(candidate.Owner, existing, Now());
            return writes.Count == 0
                ? CommitStatus.Committed
                : await memories.CommitMemoriesAsync(new MemoryCommit(tenant, writes) { Owner = guard }, cancel);
        }
        finally
        {
            turnstile.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turnstile in turnstiles)
            turnstile.Dispose();
    }

    // Facts without an owner belong to one session each, and the store accepts only one of two commits of a session's slice.
    private async ValueTask<OwnerVersion?> FindGuardAsync(string tenant, MemoryOwner owner, CancellationToken cancel) =>
        owner.UserId is null ? null : await memories.FindOwnerVersionAsync(tenant, owner.UserId, cancel);

    private async Task<IReadOnlyList<MemoryRecord>> FindExistingAsync(string tenant, ConsolidationScope scope, CancellationToken cancel)
    {
        if (scope.Keys.Count == 0)
            return [];
        var found = (await memories.FindByKeysAsync(tenant, scope.Owner.UserId, scope.Keys, cancel))
            .ToDictionary(static memory => memory.Id, StringComparer.Ordinal);
        var filter = new MemoryFilter(Tier: MemoryTier.Semantic, Status: null, UserId: scope.Owner.UserId,
            SessionId: scope.Owner.SessionId);
        string? cursor = null;
        for (var read = 0; read < NewestMax; read += PageSize)
        {
            var page = (await memories.ListMemoriesAsync(tenant, filter, cursor, PageSize, cancel)).Value;
            foreach (var memory in page.Items)
                found.TryAdd(memory.Id, memory);
            if ((cursor = page.NextCursor) is null)
                break;
        }

        return [.. found.Values];
    }

    private SemaphoreSlim TurnstileOf(string tenant, MemoryOwner owner) =>
        turnstiles[(uint)HashCode.Combine(tenant, owner) % TurnstilesCount];

    private DateTimeOffset Now() => Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));
}
