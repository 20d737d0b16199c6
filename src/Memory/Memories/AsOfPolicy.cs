namespace MemoryOrleans.Memories;

/// <summary>Which version of a memory, if any, answers for a time.</summary>
public static class AsOfPolicy
{
    /// <summary>
    /// The version that was known then (<c>recorded_at ≤ known &lt; superseded_at</c>; without <c>known</c> the current one)
    /// when it may be recalled: active; or, when a <c>valid</c> time is named, active or superseded with
    /// <c>valid_from ≤ valid &lt; valid_to</c>. Without <c>valid</c>, active memories answer until they end. Candidates never
    /// answer; erased memories answer for no time.
    /// </summary>
    /// <param name="versions">All versions of one memory, in any order.</param>
    /// <param name="withArchived">Archived memories answer like active ones, and those that have ended too.</param>
    /// <param name="present">What is now, unless the question says otherwise; null: nothing has ended.</param>
    public static MemoryRecord? Select(
        IReadOnlyList<MemoryRecord> versions, AsOf asOf, bool withArchived = false, DateTimeOffset? present = null)
    {
        MemoryRecord? known = null;
        foreach (var version in versions)
        {
            if (version.Status == MemoryStatus.Erased)
                return null;
            if (IsKnownAt(version, asOf.Known))
                known = version;
        }

        return known is not null && Answers(known, asOf.Valid, withArchived, present is null ? null : asOf.Known ?? present) ? known : null;
    }

    /// <summary>Whether this was the version known at a time; null: now.</summary>
    public static bool IsKnownAt(MemoryRecord version, DateTimeOffset? known) => known is { } time
        ? version.RecordedAt <= time && (version.SupersededAt is null || time < version.SupersededAt)
        : version.SupersededAt is null;

    /// <summary>Whether a version answers for a time in the world; null: whatever counts as current.</summary>
    /// <param name="present">When a memory that has ended does not count as current; null: never.</param>
    public static bool Answers(MemoryRecord version, DateTimeOffset? valid, bool withArchived = false, DateTimeOffset? present = null)
    {
        if (valid is null && !withArchived && version.ValidTo <= present)
            return false;
        var isRecalled = version.Status == MemoryStatus.Active
            || (version.Status == MemoryStatus.Archived && withArchived)
            || (version.Status == MemoryStatus.Superseded && valid is not null);
        return isRecalled && (valid is not { } time || IsValidAt(version, time));
    }

    public static bool IsValidAt(MemoryRecord version, DateTimeOffset time) =>
        version.ValidFrom <= time && (version.ValidTo is null || time < version.ValidTo);
}
