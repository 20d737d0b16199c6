using System.Text.Json;
using MemoryOrleans.Contracts;
using MemoryOrleans.Recall;
using MemoryOrleans.Redaction;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Gateway.Sessions;

/// <summary>The core's sessions and turns as records of the contract.</summary>
internal static class SessionMapping
{
    public static TurnResponse ToResponse(this Turn turn) => new(
        turn.Id,
        turn.SessionId,
        turn.Seq,
        turn.Role,
        turn.Name,
        turn.Content,
        turn.OccurredAt,
        turn.RecordedAt,
        turn.Tokens,
        MetadataOf(turn));

    /// <summary>By kind; null when nothing was taken out.</summary>
    public static IReadOnlyDictionary<string, int>? ToResponse(this RedactionCounts counts) => counts.IsEmpty ? null : counts.ByKind();

    public static TurnResponse[] ToResponse(this IReadOnlyList<Turn> turns)
    {
        var items = new TurnResponse[turns.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = turns[i].ToResponse();
        return items;
    }

    public static SessionResponse ToResponse(this Session session) => new(
        session.Id,
        session.UserId,
        session.AgentId,
        StatusOf(session),
        session.LastSeq,
        session.Version,
        session.CreatedAt,
        session.UpdatedAt,
        session.TimeZone);

    public static SessionPage ToResponse(this Page<Session> page) => new(page.Items.Select(ToResponse).ToArray(), page.NextCursor);

    public static WorkingMemoryResponse ToResponse(this WorkingMemoryView view) => new(
        view.Session.Id,
        view.Session.UserId,
        view.Session.AgentId,
        StatusOf(view.Session),
        view.Session.Version,
        view.Turns.ToResponse(),
        view.Tokens,
        view.TurnsBefore,
        view.Summary.Select(static part => new SummaryPartResponse(part.Text, part.Tokens, part.Memory, ToResponse(part.Sources)))
        .ToArray());

    public static ContextResponse ToResponse(this ContextBlock block, string sessionId, int maxTokens) => new(
        sessionId,
        block.Text,
        block.Tokens,
        maxTokens,
        block.Citations.Select(ToResponse).ToArray());

    private static ContextCitationResponse ToResponse(ContextCitation citation)
    {
        SourceTurn? turn = citation.MemoryId is null ? citation.Sources[0] : null;
        return new ContextCitationResponse(
            citation.Label, citation.Section, citation.Kind, turn?.SessionId, turn?.TurnId, turn?.Seq, citation.MemoryId,
            ToResponse(citation.Sources));
    }

    private static SourceResponse[] ToResponse(IReadOnlyList<SourceTurn> sources) =>
        [.. sources.Select(static source => new SourceResponse(source.SessionId, source.TurnId, source.Seq))];

    public static JsonElement? MetadataOf(Turn turn) => turn.Metadata is null ? null : JsonElement.Parse(turn.Metadata);

    private static string StatusOf(Session session) => session.Status == SessionStatus.Open ? "open" : "closed";
}
