using MemoryOrleans.Redaction;

namespace MemoryOrleans.Memories;

/// <summary>
/// Takes out of memories, as agents write and edit them, what their tenant does not want stored: of contents, aliases and metadata.
/// </summary>
public static class RedactMemories
{
    /// <summary>InvalidInput when a text grew beyond its limit.</summary>
    public static Outcome<MemoryDraft> Of(MemoryDraft draft, Redactor redactor)
    {
        var redacted = draft with
        {
            Content = redactor.Of(draft.Content), Aliases = redactor.OfAll(draft.Aliases), Metadata = redactor.OfJson(draft.Metadata),
        };
        return FaultIn(redacted.Content, redacted.Aliases, redacted.Metadata, redactor) is { } fault ? fault : redacted;
    }

    /// <summary>The same of a change.</summary>
    public static Outcome<MemoryPatch> Of(MemoryPatch patch, Redactor redactor)
    {
        var redacted = patch with
        {
            Content = redactor.OfOrNull(patch.Content), Aliases = patch.Aliases is { } aliases ? redactor.OfAll(aliases) : null,
            Metadata = redactor.OfJson(patch.Metadata),
        };
        return FaultIn(redacted.Content, redacted.Aliases, redacted.Metadata, redactor) is { } fault ? fault : redacted;
    }

    private static MemoryError? FaultIn(string? content, IReadOnlyList<string>? aliases, string? metadata, Redactor redactor)
    {
        if (redactor.Counts.IsEmpty)
            return null;
        return RedactedTexts.FaultIn("content", content is null ? null : TextRules.ContentFault(content))
            ?? RedactedTexts.FaultIn("aliases", TextRules.AliasesFault(aliases)?.Fault)
            ?? RedactedTexts.FaultIn("metadata", MetadataRules.FaultIn(metadata));
    }
}
