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

    /// <summary>Who speaks: a word of 1 to 64 characters of <c>[A-Za-z0-9_.-]</c>.</summary>
    public string? Role { get; init; }

    /// <summary>1 to 100,000 characters, not blank.</summary>
    public string? Content { get; init; }
}

/// <summary>Answer of <c>POST /v1/messages</c>; <c>id</c> and <c>message_id</c> both name the stored turn.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
/// <param name="Id">The stored turn.</param>
/// <param name="MessageId">The same.</param>
/// <param name="TenantId">The tenant it was stored for.</param>
/// <param name="ConversationId">The session.</param>
/// <param name="Seq">The turn's number in its session, from 1.</param>
/// <param name="CreatedAt">When it was made.</param>
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
    /// <summary>What to look for, in words: 1 to 4,000 characters.</summary>
    public string? Query { get; init; }

    /// <summary>Only this session; absent: everything.</summary>
    public string? SessionId { get; init; }

    /// <summary>Most results, 1 to 100; default 5.</summary>
    public int? K { get; init; }
}

/// <summary>Body of <c>POST /memory/distill</c>.</summary>
public sealed record SessionDistilRequest
{
    /// <summary>The session to distil.</summary>
    public string? SessionId { get; init; }
}

/// <summary>Answer of <c>GET /v1/memory/search</c> and <c>POST /memory/recall</c>, best result first.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Count">How many results there are.</param>
/// <param name="Results">The results.</param>
public sealed record SearchResponse(string Query, int Count, IReadOnlyList<SearchResultResponse> Results);

/// <summary>One result; <c>conversation_id</c> and <c>session_id</c> are the same.</summary>
/// <param name="Id">Unique in the tenant.</param>
/// <param name="Content">The text.</param>
/// <param name="Role">Who spoke; null where nobody did.</param>
/// <param name="Score">Relative to the query; orders the results.</param>
/// <param name="Relevance">Absolute, 0 to 1.</param>
/// <param name="ConversationId">The session.</param>
/// <param name="SessionId">The session.</param>
/// <param name="TurnId">The turn's own id, unique in its session.</param>
/// <param name="CreatedAt">When it was said.</param>
/// <param name="Name">The speaker's name; absent: none was given.</param>
/// <param name="Snippet">True when the content is a part of a long content; else absent.</param>
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
