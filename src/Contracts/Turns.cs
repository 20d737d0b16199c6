using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>One turn as a caller supplies it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record TurnInput
{
    /// <summary>Unique within the session; minted when absent. Sent again with the same fields it is a replay.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? Id { get; init; }

    /// <summary>Who speaks: user, assistant, system, tool, or another word of 1 to 64 characters of <c>[A-Za-z0-9_.-]</c>.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9_.-]{1,64}$")]
    public string? Role { get; init; }

    /// <summary>The speaker's name, 1 to 128 characters.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>1 to 100,000 characters (UTF-16 code units), not blank.</summary>
    [Required]
    [StringLength(100_000, MinimumLength = 1)]
    public string? Content { get; init; }

    /// <summary>
    /// When it was said; an RFC 3339 time with any offset, which is kept: it is the speaker's clock. Default: now. To the microsecond.
    /// </summary>
    [JsonConverter(typeof(PersonTimeConverter))]
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>A JSON object of at most 16 KiB. Kept with its members sorted by name and without white space.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>Body of <c>POST /v1/sessions/{id}/turns</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AppendTurnRequest : TurnInput
{
    /// <summary>The session's user; a later change is a conflict.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? UserId { get; init; }

    /// <summary>The session's agent; a later change is a conflict.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? AgentId { get; init; }

    /// <summary>The person's time zone, a name of the IANA database ("Europe/Berlin"), kept with the session: given once, it says by whose
    /// clock
    /// times in UTC are meant. Absent: as it was; of a new session, that of the user's newest session that has one.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? TimeZone { get; init; }
}

/// <summary>Body of <c>POST /v1/sessions/{id}/turns/batch</c>: all of them, or none.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AppendTurnsRequest
{
    /// <summary>The session's user; a later change is a conflict.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? UserId { get; init; }

    /// <summary>The session's agent; a later change is a conflict.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? AgentId { get; init; }

    /// <summary>The person's time zone, a name of the IANA database ("Europe/Berlin"), kept with the session: given once, it says by whose
    /// clock
    /// times in UTC are meant. Absent: as it was; of a new session, that of the user's newest session that has one.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? TimeZone { get; init; }

    /// <summary>1 to 1,000 turns, in order.</summary>
    [Required]
    [MinLength(1)]
    [MaxLength(1_000)]
    public IReadOnlyList<TurnInput>? Turns { get; init; }
}

/// <summary>A stored turn.</summary>
/// <param name="Id">Unique in its session.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Seq">Its number in the session: from 1, without gaps.</param>
/// <param name="Role">Who speaks.</param>
/// <param name="Name">The speaker's name; null: none was given.</param>
/// <param name="Content">What was said; empty when it was erased.</param>
/// <param name="OccurredAt">When it was said, with the offset it was given with; one given in UTC, by the clock of the session's time
/// zone.</param>
/// <param name="RecordedAt">When the service came to know it.</param>
/// <param name="Tokens">Estimated tokens of the content.</param>
/// <param name="Metadata">The metadata given; absent: none.</param>
/// <param name="Redacted">In the answer to an append: spans that were taken out before storing, by kind (secret, email, iban, card,
/// address, phone);
/// absent: none.</param>
public sealed record TurnResponse(
    string Id,
    string SessionId,
    long Seq,
    string Role,
    string? Name,
    string Content,
    [property: JsonConverter(typeof(PersonTimeConverter))] DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt,
    int Tokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Metadata = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, int>? Redacted = null);

/// <summary>The turns a batch stored, in the order sent.</summary>
/// <param name="Items">The turns.</param>
/// <param name="Redacted">Spans that were taken out of all of them before storing, by kind; absent: none.</param>
public sealed record TurnBatchResponse(
    IReadOnlyList<TurnResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, int>? Redacted = null);

/// <summary>One page of a session's turns, by ascending <c>seq</c>.</summary>
/// <param name="Items">The page, in the order the call says.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record TurnPage(IReadOnlyList<TurnResponse> Items, string? NextCursor);
