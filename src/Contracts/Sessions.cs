namespace MemoryOrleans.Contracts;

/// <summary>A session.</summary>
/// <param name="Status"><c>open</c> or <c>closed</c>.</param>
/// <param name="Turns">How many turns it has; also the newest turn's <c>seq</c>.</param>
/// <param name="Version">Grows by one with every change; the ETag.</param>
public sealed record SessionResponse(
    string Id,
    string? UserId,
    string? AgentId,
    string Status,
    long Turns,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>One page of sessions, most recently created first.</summary>
public sealed record SessionPage(IReadOnlyList<SessionResponse> Items, string? NextCursor);

/// <summary>A session's live window: its newest turns within both bounds, by ascending <c>seq</c>.</summary>
/// <param name="Tokens">Estimated tokens of the window.</param>
/// <param name="TurnsBefore">How many older turns are in the log only.</param>
public sealed record WorkingMemoryResponse(
    string SessionId,
    string? UserId,
    string? AgentId,
    string Status,
    long Version,
    IReadOnlyList<TurnResponse> Turns,
    int Tokens,
    long TurnsBefore);

/// <summary>A prompt-ready block. Every line of the text ends in the label of the turn it cites.</summary>
/// <param name="Tokens">Estimated tokens of the text; never more than <paramref name="MaxTokens"/>.</param>
public sealed record ContextResponse(
    string SessionId,
    string Text,
    int Tokens,
    int MaxTokens,
    IReadOnlyList<ContextCitationResponse> Citations);

/// <summary>A turn that a context block cites.</summary>
/// <param name="Label">How the text refers to it, for instance <c>[3]</c>.</param>
/// <param name="Section"><c>working_memory</c> or <c>recalled</c>.</param>
public sealed record ContextCitationResponse(string Label, string Section, string SessionId, string TurnId, long Seq);
