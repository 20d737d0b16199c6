namespace MemoryOrleans.Contracts;

/// <summary>A session.</summary>
/// <param name="Status"><c>open</c> or <c>closed</c>.</param>
/// <param name="Turns">How many turns it has; also the newest turn's <c>seq</c>.</param>
/// <param name="Version">Grows by one with every change; the ETag.</param>
/// <param name="TimeZone">The person's, an IANA name; null: none was given.</param>
public sealed record SessionResponse(
    string Id,
    string? UserId,
    string? AgentId,
    string Status,
    long Turns,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? TimeZone = null);

/// <summary>One page of sessions, most recently created first.</summary>
public sealed record SessionPage(IReadOnlyList<SessionResponse> Items, string? NextCursor);

/// <summary>A session's live window: its newest turns within both bounds, by ascending <c>seq</c>.</summary>
/// <param name="Tokens">Estimated tokens of the window.</param>
/// <param name="TurnsBefore">How many older turns have left it; they are in the log.</param>
/// <param name="Summary">What those said, the most important of it, ascending.</param>
public sealed record WorkingMemoryResponse(
    string SessionId,
    string? UserId,
    string? AgentId,
    string Status,
    long Version,
    IReadOnlyList<TurnResponse> Turns,
    int Tokens,
    long TurnsBefore,
    IReadOnlyList<SummaryPartResponse> Summary);

/// <summary>A piece of what a session said before its window.</summary>
/// <param name="MemoryId">The episode it is the summary of; null for a sentence of a turn not distilled yet.</param>
/// <param name="Sources">The turns it rests on.</param>
public sealed record SummaryPartResponse(string Text, int Tokens, string? MemoryId, IReadOnlyList<SourceResponse> Sources);

/// <summary>A prompt-ready block. Every entry of the text ends in the label of what it cites.</summary>
/// <param name="Tokens">Estimated tokens of the text; never more than <paramref name="MaxTokens"/>.</param>
public sealed record ContextResponse(
    string SessionId,
    string Text,
    int Tokens,
    int MaxTokens,
    IReadOnlyList<ContextCitationResponse> Citations);

/// <summary>What an entry of a context block rests on.</summary>
/// <param name="Label">How the text refers to it, for instance <c>[3]</c>.</param>
/// <param name="Section"><c>working_memory</c>, <c>summary</c> or <c>recalled</c>.</param>
/// <param name="Kind"><c>turn</c>, or the memory's kind.</param>
/// <param name="SessionId">Of a turn; null for a memory, as are the next two.</param>
/// <param name="MemoryId">Of a memory; null for a turn.</param>
/// <param name="Sources">The turn, or the turns the memory rests on: none for some that agents wrote.</param>
public sealed record ContextCitationResponse(
    string Label,
    string Section,
    string Kind,
    string? SessionId,
    string? TurnId,
    long? Seq,
    string? MemoryId,
    IReadOnlyList<SourceResponse> Sources);
