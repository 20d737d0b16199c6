using MemoryOrleans.Erasures;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Retention;

/// <summary>What retention did to a page of memories.</summary>
/// <param name="Next">Where the next page begins; null when this was the last.</param>
public sealed record RetentionPage(RetentionReport Report, string? Next);

/// <summary>
/// Applies retention to a tenant's memories page by page, from the newest to the oldest. What is made meanwhile is young.
/// </summary>
public sealed class RetentionRunner(IMemoryStore memories, IErasureStore erasures, TimeProvider clock, Func<string> ids)
{
    private const int AttemptsMax = 10;

    // A hundred deletions take a small part of a lease.
    private const int PageSize = 100;

    /// <summary>
    /// Archives and deletes one page's memories, or only says what would be. Archivings of a page are one commit and one
    /// operation; a memory that somebody else changed since it was read is left as it is.
    /// </summary>
    /// <param name="position">Where the page before ended; null at first. One that the store does not know begins anew.</param>
    /// <exception cref="StoreUnavailableException">The store cannot write; what was done before stays.</exception>
    public async Task<RetentionPage> RunAsync(string tenant, RetentionRules rules, string? position, bool dryRun, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var page = await ReadAsync(tenant, position, cancel);
            var now = Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));
            var round = ApplyRetention.Plan([.. page.Items.Where(static memory => memory.Status != MemoryStatus.Erased)], rules, now,
                ids(), dryRun);
            if (!await ArchiveAsync(tenant, round, cancel))
                continue;
            var missed = 0;
            foreach (var memory in round.Deletions)
                missed += await DeleteAsync(tenant, memory, now, cancel) ? 0 : 1;
            return new RetentionPage(missed == 0 ? round.Report : await CorrectAsync(tenant, round, cancel), page.NextCursor);
        }

        throw new StoreUnavailableException("The memories are changed by others all the time.");
    }

    private async ValueTask<Page<MemoryRecord>> ReadAsync(string tenant, string? position, CancellationToken cancel)
    {
        var everything = new MemoryFilter(Status: null);
        var page = await memories.ListMemoriesAsync(tenant, everything, position, PageSize, cancel);
        return page.IsSuccess ? page.Value : (await memories.ListMemoriesAsync(tenant, everything, null, PageSize, cancel)).Value;
    }

    private async Task<bool> ArchiveAsync(string tenant, RetentionRound round, CancellationToken cancel) =>
        round.Archivings.Count == 0
        || CommitErrors.IsCommitted(await memories.CommitMemoriesAsync(new MemoryCommit(tenant, round.Archivings), cancel));

    // False: somebody changed the memory since it was judged, so it is judged again in the next round.
    private async Task<bool> DeleteAsync(string tenant, MemoryRecord memory, DateTimeOffset now, CancellationToken cancel)
    {
        var erasure = EraseMemory.Erase(await memories.ReadHistoryAsync(tenant, memory.Id, cancel), memory.Version, ids(), now);
        if (!erasure.IsSuccess)
            return false;
        return CommitErrors.IsCommitted(await erasures.RedactMemoryAsync(tenant, erasure.Value.Tombstone, erasure.Value.Redacted, cancel));
    }

    // Rare: the memory was changed or erased by somebody else after it was read for deletion.
    private async Task<RetentionReport> CorrectAsync(string tenant, RetentionRound round, CancellationToken cancel)
    {
        var left = (await memories.FindMemoriesAsync(tenant, [.. round.Deletions.Select(static memory => memory.Id)], cancel))
            .Where(static memory => memory.Status != MemoryStatus.Erased);
        var report = round.Report;
        foreach (var memory in left)
        {
            report = report.Plus(new RetentionReport(report.IsDryRun, new Dictionary<string, RetentionCount>(StringComparer.Ordinal)
            {
                [memory.Kind] = new(Kept: 1, Archived: 0, Deleted: -1),
            }));
        }

        return report;
    }
}
