using MemoryOrleans.Memories;

namespace MemoryOrleans.Retention;

/// <summary>Memories of one kind that retention looked at, by what became of them, or would.</summary>
public sealed record RetentionCount(int Kept, int Archived, int Deleted);

/// <summary>What a round of retention did to a tenant's memories; of a dry run, what it would have done. Holds no content.</summary>
public sealed record RetentionReport(bool IsDryRun, IReadOnlyDictionary<string, RetentionCount> ByKind)
{
    public int Archived => ByKind.Values.Sum(static count => count.Archived);

    public int Deleted => ByKind.Values.Sum(static count => count.Deleted);

    /// <summary>The report of two pages of one round.</summary>
    public RetentionReport Plus(RetentionReport other)
    {
        var sums = new Dictionary<string, RetentionCount>(ByKind, StringComparer.Ordinal);
        foreach (var (kind, count) in other.ByKind)
        {
            var sum = sums.GetValueOrDefault(kind) ?? new RetentionCount(0, 0, 0);
            sums[kind] = new RetentionCount(sum.Kept + count.Kept, sum.Archived + count.Archived, sum.Deleted + count.Deleted);
        }

        return new RetentionReport(IsDryRun && other.IsDryRun, sums);
    }
}

/// <summary>What a round of retention asks for; nothing in a dry run.</summary>
/// <param name="Archivings">Versions that put memories away; undone together by their operation.</param>
/// <param name="Deletions">Current versions of the memories to be erased (<see cref="EraseMemory"/>).</param>
public sealed record RetentionRound(IReadOnlyList<MemoryWrite> Archivings, IReadOnlyList<MemoryRecord> Deletions, RetentionReport Report);

/// <summary>Applies a tenant's retention rules to a page of its memories.</summary>
public static class ApplyRetention
{
    public static RetentionRound Plan(
        IReadOnlyList<MemoryRecord> current, RetentionRules rules, DateTimeOffset now, string operation, bool dryRun)
    {
        var archivings = new List<MemoryWrite>();
        var deletions = new List<MemoryRecord>();
        var report = new RetentionReport(dryRun, new Dictionary<string, RetentionCount>(StringComparer.Ordinal));
        foreach (var memory in current)
        {
            var decision = RetentionPolicy.Decide(memory, rules, now);
            report = report.Plus(ReportOf(memory.Kind, decision, dryRun));
            if (dryRun)
                continue;
            if (decision == RetentionDecision.Archive)
                archivings.Add(MemoryVersions.Next(memory, memory with { Status = MemoryStatus.Archived }, MemoryChange.Archived,
                    operation, now));
            else if (decision == RetentionDecision.Delete)
                deletions.Add(memory);
        }

        return new RetentionRound(archivings, deletions, report);
    }

    private static RetentionReport ReportOf(string kind, RetentionDecision decision, bool dryRun) => new(
        dryRun,
        new Dictionary<string, RetentionCount>(StringComparer.Ordinal)
        {
            [kind] = new(
                decision == RetentionDecision.Keep ? 1 : 0,
                decision == RetentionDecision.Archive ? 1 : 0,
                decision == RetentionDecision.Delete ? 1 : 0),
        });
}
