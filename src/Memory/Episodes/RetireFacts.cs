using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Episodes;

/// <summary>
/// Supersedes facts that rest on nothing but a turn that another one replaces. They share the link's operation, so that undoing the
/// link brings them back.
/// </summary>
internal sealed class RetireFacts(IMemoryStore memories)
{
    private const int AttemptsMax = 3;
    private const int PageSize = 100;

    /// <param name="links">Records of links, just committed. Where others keep changing the same facts, those stay as they are.</param>
    public async Task RunAsync(string tenant, IReadOnlyList<MemoryRecord> links, CancellationToken cancel)
    {
        foreach (var record in links)
        {
            if (UpdateLink.Of(record) is not { Class: UpdateClass.Replaces } link)
                continue;
            var status = CommitStatus.Stale;
            for (var attempt = 0; attempt < AttemptsMax && status == CommitStatus.Stale; attempt++)
                status = await RetireAsync(tenant, record, link, cancel);
        }
    }

    private async Task<CommitStatus> RetireAsync(string tenant, MemoryRecord record, UpdateLink link, CancellationToken cancel)
    {
        var writes = new List<MemoryWrite>();
        string? after = null;
        IReadOnlyList<MemoryRecord> page;
        do
        {
            page = await memories.FindCitingAsync(tenant, link.Older.SessionId, after, PageSize, cancel);
            writes.AddRange(page.Where(fact => RestsOn(fact, link.Older)).Select(fact => MemoryVersions.Next(
                fact, Retired(fact, record, link), MemoryChange.Superseded, record.Operation, record.RecordedAt)));
            after = page.Count > 0 ? page[^1].Id : null;
        }
        while (page.Count == PageSize);
        return writes.Count == 0 ? CommitStatus.Committed : await memories.CommitMemoriesAsync(new MemoryCommit(tenant, writes), cancel);
    }

    private static MemoryRecord Retired(MemoryRecord fact, MemoryRecord record, UpdateLink link) => fact with
    {
        Status = MemoryStatus.Superseded,
        ValidTo = link.NewerAt > fact.ValidFrom ? link.NewerAt : fact.ValidFrom,
        SupersededBy = record.Id,
    };

    private static bool RestsOn(MemoryRecord fact, SourceTurn turn) =>
        fact is { Tier: MemoryTier.Semantic, Status: MemoryStatus.Active, IsPinned: false }
        && fact.Origin != WriteMemory.Origin && fact.Sources.Count > 0 && fact.Sources.All(source => source == turn);
}
