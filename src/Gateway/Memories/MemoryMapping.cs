using System.Text.Json;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Gateway.Memories;

/// <summary>The core's memories as records of the contract.</summary>
internal static class MemoryMapping
{
    public static MemoryResponse ToResponse(this MemoryRecord memory) => new(
        memory.Id,
        memory.Version,
        memory.Kind,
        memory.Tier == MemoryTier.Episodic ? "episodic" : "semantic",
        StatusOf(memory.Status),
        memory.Content,
        memory.Owner.UserId,
        memory.Owner.AgentId,
        memory.Owner.AgentClass,
        memory.Owner.SessionId,
        memory.Importance,
        memory.Salience.Value,
        memory.Salience.At,
        memory.IsPinned,
        memory.ValidFrom,
        memory.ValidTo,
        memory.RecordedAt,
        memory.SupersededBy,
        memory.Sources.Select(static source => new SourceResponse(source.SessionId, source.TurnId, source.Seq)).ToArray(),
        memory.Topics,
        memory.Entities,
        memory.Origin,
        ChangeOf(memory.Change),
        memory.Operation,
        memory.Metadata is null ? null : JsonElement.Parse(memory.Metadata),
        memory.Claim is { } claim ? new ClaimResponse(claim.Subject, claim.Attribute, claim.Value) : null,
        memory.SupersededAt,
        memory.Aliases.Count == 0 ? null : memory.Aliases,
        FactKind: FactKind.Of(memory));

    public static MemoryResponse[] ToResponse(this IReadOnlyList<MemoryRecord> memories, LimitOptions limits)
    {
        var contents = new ContentBudget(limits);
        return [.. memories.Select(memory =>
            memory.ToResponse() with { Content = contents.Take(memory.Content, out var isSnippet), Snippet = isSnippet })];
    }

    private static string StatusOf(MemoryStatus status) => status switch
    {
        MemoryStatus.Candidate => "candidate",
        MemoryStatus.Active => "active",
        MemoryStatus.Archived => "archived",
        MemoryStatus.Superseded => "superseded",
        _ => "erased",
    };

    private static string ChangeOf(MemoryChange change) => change switch
    {
        MemoryChange.Written => "written",
        MemoryChange.Distilled => "distilled",
        MemoryChange.Promoted => "promoted",
        MemoryChange.Merged => "merged",
        MemoryChange.Reinforced => "reinforced",
        MemoryChange.Edited => "edited",
        MemoryChange.Superseded => "superseded",
        MemoryChange.Archived => "archived",
        MemoryChange.Restored => "restored",
        MemoryChange.Undone => "undone",
        MemoryChange.Redacted => "redacted",
        _ => "erased",
    };
}
