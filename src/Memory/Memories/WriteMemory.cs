using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Memories;

/// <summary>A memory as an agent writes it, already of valid form; times have microsecond precision.</summary>
/// <param name="Kind">Any word but <c>turn</c> and <c>episode</c>, which are made of turns alone.</param>
public sealed record MemoryDraft(string Kind, string Content, MemoryOwner Owner)
{
    public MemoryTier Tier { get; init; } = MemoryTier.Semantic;

    /// <summary>0..1; 0.5 when not given.</summary>
    public double? Importance { get; init; }

    /// <summary>Now when not given.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>Turns that exist: the caller has looked them up.</summary>
    public IReadOnlyList<SourceTurn> Sources { get; init; } = [];

    /// <summary>Canonical JSON of an object, or null.</summary>
    public string? Metadata { get; init; }

    public bool IsPinned { get; init; }

    /// <summary>Other names; of valid form.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>Makes an agent's own record a memory, active at once.</summary>
public static class WriteMemory
{
    public const string Origin = "agent";
    public const double ImportanceDefault = 0.5;

    /// <summary>The first version; InvalidInput on fields <c>kind</c>, <c>content</c>, <c>importance</c>, <c>valid_to</c>.</summary>
    public static Outcome<MemoryWrite> Write(MemoryDraft draft, string id, string operation, DateTimeOffset now)
    {
        var from = draft.ValidFrom ?? now;
        var error = OfKind(draft.Kind) ?? MemoryErrors.OfContent(draft.Content) ?? MemoryErrors.OfImportance(draft.Importance)
            ?? MemoryErrors.OfValidity(from, draft.ValidTo);
        if (error is not null)
            return error;
        var importance = draft.Importance ?? ImportanceDefault;
        return MemoryVersions.First(new MemoryRecord
        {
            Id = id,
            Version = 1,
            Kind = draft.Kind,
            Tier = draft.Tier,
            Status = MemoryStatus.Active,
            Content = draft.Content,
            Owner = draft.Owner,
            Importance = importance,
            Salience = SalienceCurve.Initial(importance, now),
            IsPinned = draft.IsPinned,
            ValidFrom = from,
            ValidTo = draft.ValidTo,
            RecordedAt = now,
            Sources = [.. draft.Sources.Distinct()],
            Aliases = Distinct(draft.Aliases),
            Metadata = draft.Metadata,
            Origin = Origin,
            Change = MemoryChange.Written,
            Operation = operation,
        });
    }

    /// <summary>Names less those that are the same as one before.</summary>
    internal static IReadOnlyList<string> Distinct(IReadOnlyList<string> aliases) =>
        aliases.Count == 0 ? [] : [.. aliases.DistinctBy(NormalizedText.Of, StringComparer.Ordinal)];

    private static MemoryError? OfKind(string kind) => kind is "" or "turn" or "episode"
        ? MemoryErrors.Invalid("kind", "It must be a word of your own: turns and episodes are made of turns.")
        : null;
}
