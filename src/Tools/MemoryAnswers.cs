using System.Globalization;
using System.Text.Json.Serialization;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Tools;

/// <summary>A memory as a model needs it.</summary>
internal sealed record MemoryAnswer(
    string Id, string Kind, string Content, string? Status, string? UserId, string? AgentId, double Importance, DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo)
{
    public static MemoryAnswer Of(MemoryResponse memory) => new(
        memory.Id, memory.Kind, memory.Content, memory.Status == "active" ? null : memory.Status, memory.UserId, memory.AgentId,
        Math.Round(memory.Importance, 2), memory.ValidFrom, memory.ValidTo);
}

/// <summary>One item of a recall as a model needs it.</summary>
/// <param name="When">By the speaker's own clock.</param>
/// <param name="Who">A turn's speaker: the name, else the role.</param>
/// <param name="AlsoSaid">When and where the same was said besides, in a line; null: nowhere.</param>
internal sealed record RecalledAnswer(
    string Id, string Kind, string Content, [property: JsonConverter(typeof(PersonTimeConverter))] DateTimeOffset When, string? Who,
    string? SessionId,
    double Relevance, string? AlsoSaid)
{
    private const int AlsoSaidShown = 3;


    public static RecalledAnswer Of(RecalledItemResponse item) => new(
        item.Id, item.Kind, item.Content, item.OccurredAt, item.Name ?? item.Role, item.SessionId, Math.Round(item.Relevance, 2),
        AlsoSaidOf(item.AlsoSaid));

    private static string? AlsoSaidOf(IReadOnlyList<SaidAgainResponse>? others)
    {
        if (others is not { Count: > 0 })
            return null;
        var shown = others.Take(AlsoSaidShown)
            .Select(static other => string.Create(CultureInfo.InvariantCulture,
            $"{other.OccurredAt:yyyy-MM-dd} ({other.SessionId} #{other.Seq})"));
        return string.Join(", ", shown) + (others.Count > AlsoSaidShown ? $" and {others.Count - AlsoSaidShown} more" : "");
    }
}

/// <param name="Cut">How many more were found and why they are left out, in a line; null: none.</param>
internal sealed record RecallAnswer(IReadOnlyList<RecalledAnswer> Items, string? Cut)
{
    public static RecallAnswer Of(RecallResponse recalled) =>
        new([.. recalled.Items.Select(RecalledAnswer.Of)], (recalled.Cut.BelowScore, recalled.Cut.OverBudget) switch
    {
        (0, 0) => null,
        (var below, 0) => $"{below} less relevant",
        (0, var over) => $"{over} too long",
        var (below, over) => $"{below} less relevant, {over} too long",
    });
}

internal sealed record ListAnswer(IReadOnlyList<MemoryAnswer> Items, string? NextCursor);

internal sealed record ForgetAnswer(string Forgotten, string What);
