using MemoryOrleans.Memories;

namespace MemoryOrleans.Retention;

public enum RetentionDecision
{
    Keep,
    Archive,
    Delete,
}

/// <summary>
/// What becomes of a memory under its tenant's rules. A memory's age counts from its current version: what was taken up
/// again, edited or restored is young again; salience does not matter here.
/// </summary>
public static class RetentionPolicy
{
    /// <summary>
    /// Archive: older than the kind's maximal age and less important than its threshold. Delete: archived, of too little
    /// importance still, for as long as the rule says. Pinned memories and those no rule names are kept.
    /// </summary>
    /// <param name="memory">A current version.</param>
    public static RetentionDecision Decide(MemoryRecord memory, RetentionRules rules, DateTimeOffset now)
    {
        if (memory.IsPinned || memory.Status == MemoryStatus.Erased || rules.Of(memory.Kind) is not { } rule)
            return RetentionDecision.Keep;
        if (memory.Importance >= rule.ImportanceThreshold)
            return RetentionDecision.Keep;
        var age = (now - memory.RecordedAt).TotalDays;
        return memory.Status == MemoryStatus.Archived
            ? age > rule.DeleteAfterDays ? RetentionDecision.Delete : RetentionDecision.Keep
            : age > rule.MaxAgeDays ? RetentionDecision.Archive : RetentionDecision.Keep;
    }
}
