using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

// Calls of two older clients. Members these records do not know are ignored, as the older servers did.

/// <summary>Body of <c>POST /v1/messages</c>: one turn of a conversation.</summary>
public sealed record MessageRequest
{
    /// <summary>Must be the credential's tenant; a keyless caller may name any.</summary>
    public string? TenantId { get; init; }

    /// <summary>The session.</summary>
    public string? ConversationId { get; init; }

    public string? Role { get; init; }

    public string? Content { get; init; }
}

/// <summary>Answer of <c>POST /v1/messages</c>; <c>id</c> and <c>message_id</c> both name the stored turn.</summary>
public sealed record MessageResponse(
    string Status,
    string Id,
    string MessageId,
    string TenantId,
    string ConversationId,
    long Seq,
    DateTimeOffset CreatedAt);

/// <summary>Body of <c>POST /memory/recall</c>.</summary>
public sealed record SessionRecallRequest
{
    public string? Query { get; init; }

    /// <summary>Only this session; absent: everything.</summary>
    public string? SessionId { get; init; }

    /// <summary>Most results, 1 to 100; default 5.</summary>
    public int? K { get; init; }
}

/// <summary>Body of <c>POST /memory/distill</c>.</summary>
public sealed record SessionDistilRequest
{
    public string? SessionId { get; init; }
}

/// <summary>Answer of <c>GET /v1/memory/search</c> and <c>POST /memory/recall</c>, best result first.</summary>
public sealed record SearchResponse(string Query, int Count, IReadOnlyList<SearchResultResponse> Results);

/// <summary>One result; <c>conversation_id</c> and <c>session_id</c> are the same.</summary>
public sealed record SearchResultResponse(
    string Id,
    string Content,
    string? Role,
    double Score,
    double Relevance,
    string ConversationId,
    string SessionId,
    string TurnId,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Snippet = false);
