using System.ComponentModel.DataAnnotations;

namespace MemoryOrleans.Contracts;

/// <summary>A session.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="UserId">The user whose it is; null: no user's.</param>
/// <param name="AgentId">The agent whose it is; null: no agent's.</param>
/// <param name="Status"><c>open</c> or <c>closed</c>.</param>
/// <param name="Turns">How many turns it has; also the newest turn's <c>seq</c>.</param>
/// <param name="Version">Grows by one with every change; the ETag.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="TimeZone">The person's, an IANA name; null: none was given.</param>
public sealed record SessionResponse(
    string Id,
    string? UserId,
    string? AgentId,
    [property: AllowedValues("open", "closed")] string Status,
    long Turns,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? TimeZone = null);

/// <summary>One page of sessions, most recently created first.</summary>
/// <param name="Items">The page, in the order the call says.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record SessionPage(IReadOnlyList<SessionResponse> Items, string? NextCursor);

/// <summary>A session's live window: its newest turns within both bounds, by ascending <c>seq</c>.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="UserId">The user whose it is; null: no user's.</param>
/// <param name="AgentId">The agent whose it is; null: no agent's.</param>
/// <param name="Status"><c>open</c> or <c>closed</c>.</param>
/// <param name="Version">The session's version.</param>
/// <param name="Turns">The turns in it.</param>
/// <param name="Tokens">Estimated tokens of the window.</param>
/// <param name="TurnsBefore">How many older turns have left it; they are in the log.</param>
/// <param name="Summary">What those said, the most important of it, ascending.</param>
public sealed record WorkingMemoryResponse(
    string SessionId,
    string? UserId,
    string? AgentId,
    [property: AllowedValues("open", "closed")] string Status,
    long Version,
    IReadOnlyList<TurnResponse> Turns,
    int Tokens,
    long TurnsBefore,
    IReadOnlyList<SummaryPartResponse> Summary);

/// <summary>A piece of what a session said before its window.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Tokens">Estimated tokens of the text.</param>
/// <param name="MemoryId">The episode it is the summary of; null for a sentence of a turn not distilled yet.</param>
/// <param name="Sources">The turns it rests on.</param>
public sealed record SummaryPartResponse(string Text, int Tokens, string? MemoryId, IReadOnlyList<SourceResponse> Sources);

/// <summary>A prompt-ready block. Every entry of the text ends in the label of what it cites.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Text">The block.</param>
/// <param name="Tokens">Estimated tokens of the text; never more than <paramref name="MaxTokens"/>.</param>
/// <param name="MaxTokens">The budget.</param>
/// <param name="Citations">What the labels stand for.</param>
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
/// <param name="TurnId">Of a turn: its own id.</param>
/// <param name="Seq">Of a turn: its number in the session.</param>
/// <param name="MemoryId">Of a memory; null for a turn.</param>
/// <param name="Sources">The turn, or the turns the memory rests on: none for some that agents wrote.</param>
public sealed record ContextCitationResponse(
    string Label,
    [property: AllowedValues("working_memory", "summary", "recalled")] string Section,
    string Kind,
    string? SessionId,
    string? TurnId,
    long? Seq,
    string? MemoryId,
    IReadOnlyList<SourceResponse> Sources);
