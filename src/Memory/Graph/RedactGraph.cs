using System.Globalization;
using MemoryOrleans.Redaction;

namespace MemoryOrleans.Graph;

/// <summary>
/// Takes out of what callers say of entities what their tenant does not want stored: of names, aliases, contents and metadata.
/// </summary>
public static class RedactGraph
{
    /// <summary>InvalidInput when a text grew beyond its limit. Entities whose names become the same label are one.</summary>
    public static Outcome<EntityDraft> Of(EntityDraft draft, Redactor redactor)
    {
        var redacted = draft with { Name = redactor.Of(draft.Name), Aliases = redactor.OfAll(draft.Aliases),
            Metadata = redactor.OfJson(draft.Metadata) };
        return FaultIn(redacted.Name, redacted.Aliases, redacted.Metadata, redactor) is { } fault ? fault : redacted;
    }

    /// <summary>The same of a change.</summary>
    public static Outcome<EntityEdit> Of(EntityEdit edit, Redactor redactor)
    {
        var redacted = edit with
        {
            Name = redactor.OfOrNull(edit.Name), Aliases = edit.Aliases is { } aliases
                ? redactor.OfAll(aliases) : null, Metadata = redactor.OfJson(edit.Metadata),
        };
        return FaultIn(redacted.Name, redacted.Aliases, redacted.Metadata, redactor) is { } fault ? fault : redacted;
    }

    /// <summary>The same of observations.</summary>
    public static Outcome<IReadOnlyList<ObservationDraft>> Of(IReadOnlyList<ObservationDraft> drafts, Redactor redactor)
    {
        var redacted = new ObservationDraft[drafts.Count];
        for (var i = 0; i < redacted.Length; i++)
        {
            redacted[i] = drafts[i] with { Content = redactor.Of(drafts[i].Content) };
            var field = string.Create(CultureInfo.InvariantCulture, $"observations[{i}].content");
            if (!redactor.Counts.IsEmpty && RedactedTexts.FaultIn(field, TextRules.ContentFault(redacted[i].Content)) is { } fault)
                return fault;
        }

        return Outcome.Of<IReadOnlyList<ObservationDraft>>(redacted);
    }

    /// <summary>The same of metadata; the empty text stays what it is.</summary>
    public static Outcome<string?> Of(string? metadata, Redactor redactor)
    {
        var redacted = redactor.OfJson(metadata);
        return FaultIn(name: null, aliases: null, redacted, redactor) is { } fault ? fault : redacted;
    }

    private static MemoryError? FaultIn(string? name, IReadOnlyList<string>? aliases, string? metadata, Redactor redactor)
    {
        if (redactor.Counts.IsEmpty)
            return null;
        return RedactedTexts.FaultIn("name", TextRules.EntityNameFault(name, required: false))
            ?? RedactedTexts.FaultIn("aliases", TextRules.AliasesFault(aliases)?.Fault)
            ?? RedactedTexts.FaultIn("metadata", MetadataRules.FaultIn(string.IsNullOrEmpty(metadata) ? null : metadata));
    }
}
