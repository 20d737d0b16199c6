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

    /// <summary>Other names, which take the place of all it has.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Active or Archived.</summary>
    public MemoryStatus? Status { get; init; }

    /// <summary>The memory that takes its place; null: none.</summary>
    public string? SupersededBy { get; init; }
}

/// <summary>Changes a memory by hand: its next version.</summary>
public static class EditMemory
{
    /// <summary>
    /// The next version; null when the patch changes nothing. A new content drops claim, topics and entities, which were the
    /// old one's. NotFound when there is none or it is erased; PreconditionFailed on another version; InvalidInput otherwise.
    /// </summary>
    /// <param name="current">The current version, or null.</param>
    /// <param name="successor">The memory that <see cref="MemoryPatch.SupersededBy"/> names; null when there is none.</param>
    public static Outcome<MemoryWrite?> Edit(
        MemoryRecord? current, MemoryPatch patch, long? ifMatchVersion, SalienceCurve curve, string operation, DateTimeOffset now,
        MemoryRecord? successor = null)
    {
        if ((MemoryErrors.Of(current, ifMatchVersion) ?? OfText(current!, patch) ?? OfPatch(current!, patch)
            ?? OfSuccessor(current!, patch, successor)) is { } error)
            return error;
        var edited = Succeed(Apply(current!, patch, curve, now), patch, successor);
        if (edited.Salience == current!.Salience && MemoryVersions.SayTheSame(current, edited))
            return default(MemoryWrite);
        return MemoryVersions.Next(current, edited, ChangeOf(current, edited), operation, now);
    }

    // What stands in the place of a text that cannot be opened is not written over it.
    private static MemoryError? OfText(MemoryRecord current, MemoryPatch patch) =>
        patch.Content is null && UnreadableText.Is(current.Content)
        ? new MemoryError(ErrorCode.Conflict, "What is stored of the memory cannot be read: only a new content can be set.", "content")
        : null;

    private static MemoryRecord Apply(MemoryRecord current, MemoryPatch patch, SalienceCurve curve, DateTimeOffset now)
    {
        var edited = current with
        {
            IsPinned = patch.IsPinned ?? current.IsPinned,
            Aliases = patch.Aliases is { } aliases ? WriteMemory.Distinct(aliases) : current.Aliases,
            Metadata = patch.SetsMetadata ? patch.Metadata : current.Metadata,
            Status = patch.Status is { } status ? StatusOf(current, status) : current.Status,
        };
        if (patch.SetsValidTo && patch.ValidTo != current.ValidTo)
            edited = edited with { ValidTo = patch.ValidTo };
        if (patch.Content is { } content && content != current.Content)
            edited = edited with
            {
                Content = content, Claim = null, Topics = [], Entities = [],
                Metadata = patch.SetsMetadata ? edited.Metadata : FactKind.Put(edited.Metadata, kind: null),
            };
        if (patch.Importance is { } importance && Math.Abs(importance - current.Importance) > 0)
            edited = edited with { Importance = importance, Salience = curve.Shift(current, importance, now) };
        // A memory that starts or stops decaying keeps the salience it has now.
        return edited.IsPinned != current.IsPinned && edited.Salience == current.Salience
            ? edited with { Salience = curve.Shift(current, current.Importance, now) }
            : edited;
    }

    // It ended when the other began, if no other end is given; never before it began.
    private static MemoryRecord Succeed(MemoryRecord edited, MemoryPatch patch, MemoryRecord? successor)
    {
        if (patch.SupersededBy is null || edited.SupersededBy == patch.SupersededBy)
            return edited;
        var end = successor!.ValidFrom > edited.ValidFrom ? successor.ValidFrom : edited.ValidFrom;
        return edited with { Status = MemoryStatus.Superseded, SupersededBy = successor.Id,
            ValidTo = patch.SetsValidTo ? edited.ValidTo : end };
    }

    // Facts follow what is said; episodes say what was said. Only an active one can take a place, so nobody's place is taken in a circle.
    private static MemoryError? OfSuccessor(MemoryRecord current, MemoryPatch patch, MemoryRecord? successor)
    {
        if (patch.SupersededBy is not { } id || id == current.SupersededBy)
            return null;
        if (current.Origin != WriteMemory.Origin)
            return MemoryErrors.Invalid("superseded_by", "Only a record that an agent wrote can be declared superseded.");
        if (patch.Status is not null || current.Status != MemoryStatus.Active)
            return MemoryErrors.Invalid("superseded_by", "Only an active record can be declared superseded, and its status follows.");
        return successor is { Status: MemoryStatus.Active } && successor.Id != current.Id && successor.Owner.UserId == current.Owner.UserId
            ? null
            : MemoryErrors.Invalid("superseded_by", "It must be another active memory of the same user.");
    }

    // A superseded memory that is brought back from the archive is superseded still.
    private static MemoryStatus StatusOf(MemoryRecord current, MemoryStatus wanted) =>
        wanted == MemoryStatus.Active && current.SupersededBy is not null ? MemoryStatus.Superseded : wanted;

    private static MemoryChange ChangeOf(MemoryRecord current, MemoryRecord edited)
    {
        if (edited.Status == current.Status)
            return MemoryChange.Edited;
        if (edited.Status == MemoryStatus.Superseded && edited.SupersededBy != current.SupersededBy)
            return MemoryChange.Superseded;
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
