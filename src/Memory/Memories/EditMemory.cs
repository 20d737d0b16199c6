namespace MemoryOrleans.Memories;

/// <summary>What a PATCH changes; null fields stay as they are, but for those that may become null and say so.</summary>
public sealed record MemoryPatch
{
    public string? Content { get; init; }

    /// <summary>0..1; the salience moves by as much as it does.</summary>
    public double? Importance { get; init; }

    /// <summary>True when <see cref="ValidTo"/> is to be taken, null included.</summary>
    public bool SetsValidTo { get; init; }

    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>True when <see cref="Metadata"/> is to be taken, null included.</summary>
    public bool SetsMetadata { get; init; }

    public string? Metadata { get; init; }

    public bool? IsPinned { get; init; }

    /// <summary>Active or Archived.</summary>
    public MemoryStatus? Status { get; init; }
}

/// <summary>Changes a memory by hand: its next version.</summary>
public static class EditMemory
{
    /// <summary>
    /// The next version; null when the patch changes nothing. A new content drops claim, topics and entities, which were the
    /// old one's. NotFound when there is none or it is erased; PreconditionFailed on another version; InvalidInput otherwise.
    /// </summary>
    /// <param name="current">The current version, or null.</param>
    public static Outcome<MemoryWrite?> Edit(
        MemoryRecord? current, MemoryPatch patch, long? ifMatchVersion, SalienceCurve curve, string operation, DateTimeOffset now)
    {
        if ((MemoryErrors.Of(current, ifMatchVersion) ?? OfPatch(current!, patch)) is { } error)
            return error;
        var edited = Apply(current!, patch, curve, now);
        if (edited.Salience == current!.Salience && MemoryVersions.SayTheSame(current, edited))
            return default(MemoryWrite);
        return MemoryVersions.Next(current, edited, ChangeOf(current, edited), operation, now);
    }

    private static MemoryRecord Apply(MemoryRecord current, MemoryPatch patch, SalienceCurve curve, DateTimeOffset now)
    {
        var edited = current with
        {
            IsPinned = patch.IsPinned ?? current.IsPinned,
            Metadata = patch.SetsMetadata ? patch.Metadata : current.Metadata,
            Status = patch.Status is { } status ? StatusOf(current, status) : current.Status,
        };
        if (patch.SetsValidTo && patch.ValidTo != current.ValidTo)
            edited = edited with { ValidTo = patch.ValidTo };
        if (patch.Content is { } content && content != current.Content)
            edited = edited with { Content = content, Claim = null, Topics = [], Entities = [] };
        if (patch.Importance is { } importance && Math.Abs(importance - current.Importance) > 0)
            edited = edited with { Importance = importance, Salience = curve.Shift(current, importance, now) };
        // A memory that starts or stops decaying keeps the salience it has now.
        return edited.IsPinned != current.IsPinned && edited.Salience == current.Salience
            ? edited with { Salience = curve.Shift(current, current.Importance, now) }
            : edited;
    }

    // A superseded memory that is brought back from the archive is superseded still.
    private static MemoryStatus StatusOf(MemoryRecord current, MemoryStatus wanted) =>
        wanted == MemoryStatus.Active && current.SupersededBy is not null ? MemoryStatus.Superseded : wanted;

    private static MemoryChange ChangeOf(MemoryRecord current, MemoryRecord edited)
    {
        if (edited.Status == current.Status)
            return MemoryChange.Edited;
        if (edited.Status == MemoryStatus.Archived)
            return MemoryChange.Archived;
        return current.Status == MemoryStatus.Candidate ? MemoryChange.Promoted : MemoryChange.Restored;
    }

    private static MemoryError? OfPatch(MemoryRecord current, MemoryPatch patch)
    {
        if (patch.Content is not null && current.Kind == "episode")
            return MemoryErrors.Invalid("content", "An episode says what was said; it is not rewritten.");
        if (patch.Status is not null and not (MemoryStatus.Active or MemoryStatus.Archived))
            return MemoryErrors.Invalid("status", "It can be set to active or archived.");
        if (patch.Status == MemoryStatus.Active && current.Status == MemoryStatus.Superseded)
            return MemoryErrors.Invalid("status", "Another memory took its place; undo the operation that did so.");
        if (patch.SetsValidTo && current.SupersededBy is not null && patch.ValidTo != current.ValidTo)
            return MemoryErrors.Invalid("valid_to", "Another memory took its place then; undo the operation that did so.");
        return MemoryErrors.OfContent(patch.Content) ?? MemoryErrors.OfImportance(patch.Importance)
            ?? (patch.SetsValidTo ? MemoryErrors.OfValidity(current.ValidFrom, patch.ValidTo) : null);
    }
}
