using MemoryOrleans.Contracts;

namespace MemoryOrleans.Tools;

/// <summary>A memory as a model needs it.</summary>
internal sealed record MemoryAnswer(
    string Id, string Kind, string Content, string? Status, string? UserId, string? AgentId, double Importance, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo)
{
    public static MemoryAnswer Of(MemoryResponse memory) => new(
        memory.Id, memory.Kind, memory.Content, memory.Status == "active" ? null : memory.Status, memory.UserId, memory.AgentId,
        Math.Round(memory.Importance, 2), memory.ValidFrom, memory.ValidTo);
}

/// <summary>One item of a recall as a model needs it.</summary>
/// <param name="Who">A turn's speaker: the name, else the role.</param>
internal sealed record RecalledAnswer(string Id, string Kind, string Content, DateTimeOffset When, string? Who, string? SessionId, double Relevance)
{
    public static RecalledAnswer Of(RecalledItemResponse item) => new(
        item.Id, item.Kind, item.Content, item.OccurredAt, item.Name ?? item.Role, item.SessionId, Math.Round(item.Relevance, 2));
}

internal sealed record RecallAnswer(IReadOnlyList<RecalledAnswer> Items);

internal sealed record ListAnswer(IReadOnlyList<MemoryAnswer> Items, string? NextCursor);

internal sealed record ForgetAnswer(string Forgotten, string What);
