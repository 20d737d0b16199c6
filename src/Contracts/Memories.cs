using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>Body of <c>POST /v1/memories</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WriteMemoryRequest
{
    /// <summary>A word of your own, like <c>preference</c> or <c>procedure</c>; <c>turn</c> and <c>episode</c> are taken.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? Kind { get; init; }

    /// <summary>1 to 100,000 characters (UTF-16 code units), not blank.</summary>
    [Required]
    [StringLength(100_000, MinimumLength = 1)]
    public string? Content { get; init; }

    /// <summary>The user it is about.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? UserId { get; init; }

    /// <summary>The agent whose it is.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? AgentId { get; init; }

    /// <summary>The class of agents whose it is.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? AgentClass { get; init; }

    /// <summary>The session whose it is.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? SessionId { get; init; }

    /// <summary>0 to 1; default 0.5.</summary>
    [Range(0.0, 1.0)]
    public double? Importance { get; init; }

    /// <summary>True in the world from here; default: now.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>True in the world until just before; absent: still.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>Turns it rests on, which must exist; at most 500.</summary>
    [MaxLength(500)]
    public IReadOnlyList<SourceInput>? Sources { get; init; }

    /// <summary>A JSON object of at most 16 KiB.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>
    /// Other names by which people ask for it, 1 to 256 characters each, at most 16; no other memory of the same owner may have one.
    /// </summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Pinned memories do not decay and are not retired.</summary>
    public bool? Pinned { get; init; }

    /// <summary><c>semantic</c> (default) or <c>episodic</c>.</summary>
    [AllowedValues("semantic", "episodic")]
    public string? Tier { get; init; }
}

/// <summary>Body of <c>PATCH /v1/memories/{id}</c>: what is absent stays as it is; null takes <c>valid_to</c> and <c>metadata</c> away, and
/// says
/// nothing elsewhere.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EditMemoryRequest
{
    /// <summary>1 to 100,000 characters; an episode's cannot be changed.</summary>
    [StringLength(100_000, MinimumLength = 1)]
    public string? Content { get; init; }

    /// <summary>0 to 1; the salience moves by as much.</summary>
    [Range(0.0, 1.0)]
    public double? Importance { get; init; }

    /// <summary>A time, or null to take the end away.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [DataType(DataType.DateTime)]
    public JsonElement ValidTo { get; init; }

    /// <summary>A JSON object of at most 16 KiB, or null to take it away.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Metadata { get; init; }

    /// <summary>Other names, which take the place of all it has; an empty list takes them away.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Pinned memories do not decay and are not retired.</summary>
    public bool? Pinned { get; init; }

    /// <summary><c>active</c> or <c>archived</c>.</summary>
    [AllowedValues("active", "archived")]
    public string? Status { get; init; }

    /// <summary>
    /// Of an agent's record: the active memory, of the same user, that takes its place. It ends when that one begins, or at
    /// <c>valid_to</c>; an undo takes it back.
    /// </summary>
    public string? SupersededBy { get; init; }
}

/// <summary>A memory, or one of its versions.</summary>
/// <param name="Id">The memory's id, the same in all its versions.</param>
/// <param name="Version">Grows by one with every change; also the ETag.</param>
/// <param name="Kind"><c>episode</c>, <c>fact</c>, or an agent's own word.</param>
/// <param name="Tier"><c>episodic</c> or <c>semantic</c>.</param>
/// <param name="Status"><c>candidate</c>, <c>active</c>, <c>archived</c> or <c>superseded</c>.</param>
/// <param name="Content">The text.</param>
/// <param name="UserId">The user whose it is; null: no user's.</param>
/// <param name="AgentId">The agent whose it is; null: no agent's.</param>
/// <param name="AgentClass">The class of agents whose it is; null: none.</param>
/// <param name="SessionId">The session whose it is; null: none.</param>
/// <param name="Importance">How much it matters, set when written: 0 to 1.</param>
/// <param name="Salience">Stored for <paramref name="SalienceAt"/>; it falls from then on (docs/ranking.md).</param>
/// <param name="SalienceAt">The time the salience is of.</param>
/// <param name="Pinned">Pinned memories do not decay and are not retired.</param>
/// <param name="ValidFrom">True in the world from here.</param>
/// <param name="ValidTo">True in the world until just before; null: still.</param>
/// <param name="RecordedAt">When the service came to know it.</param>
/// <param name="SupersededBy">The memory that took this one's place.</param>
/// <param name="Sources">The turns it rests on.</param>
/// <param name="Topics">What it is about, in words.</param>
/// <param name="Entities">Names that it speaks of.</param>
/// <param name="Origin">Who made it: <c>agent</c>, or the name of the distiller or of the rules of updates.</param>
/// <param name="Change">Why this version came to be.</param>
/// <param name="Operation">The decision that made it; an undo takes back all of it.</param>
/// <param name="Metadata">The metadata given; absent: none.</param>
/// <param name="Claim">Of a fact: what it claims; absent of others.</param>
/// <param name="SupersededAt">When a later version took this one's place; absent for the current one.</param>
/// <param name="Aliases">Other names; absent where there are none.</param>
/// <param name="Snippet">In lists, true when <paramref name="Content"/> is a part of a long content.</param>
/// <param name="FactKind">Of a fact: <c>preference</c>, <c>plan</c>, <c>event</c>, <c>state</c> or <c>relation</c>, the metadata's
/// <c>fact_kind</c>; absent of others.</param>
public sealed record MemoryResponse(
    string Id,
    long Version,
    string Kind,
    [property: AllowedValues("episodic", "semantic")] string Tier,
    [property: AllowedValues("candidate", "active", "archived", "superseded")] string Status,
    string Content,
    string? UserId,
    string? AgentId,
    string? AgentClass,
    string? SessionId,
    double Importance,
    double Salience,
    DateTimeOffset SalienceAt,
    bool Pinned,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    DateTimeOffset RecordedAt,
    string? SupersededBy,
    IReadOnlyList<SourceResponse> Sources,
    IReadOnlyList<string> Topics,
    IReadOnlyList<string> Entities,
    string Origin,
    string Change,
    string Operation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Metadata = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ClaimResponse? Claim = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? SupersededAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Aliases = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Snippet = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FactKind = null);

/// <summary>What a fact claims.</summary>
/// <param name="Subject">Whom or what it is about.</param>
/// <param name="Attribute">What of the subject.</param>
/// <param name="Value">What that is.</param>
public sealed record ClaimResponse(string Subject, string Attribute, string Value);

/// <summary>One page of memories, the most recently made first.</summary>
/// <param name="Items">The page, in the order the call says.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record MemoryPage(IReadOnlyList<MemoryResponse> Items, string? NextCursor);

/// <summary>Every version of a memory, oldest first.</summary>
/// <param name="Items">The versions.</param>
public sealed record MemoryHistoryResponse(IReadOnlyList<MemoryResponse> Items);

/// <summary>What an undo did: its own operation, and the memories it changed as they are now.</summary>
/// <param name="Operation">The undo's own operation, which can be undone in turn.</param>
/// <param name="Items">The memories it changed, as they are now.</param>
public sealed record UndoResponse(string Operation, IReadOnlyList<MemoryResponse> Items);

/// <summary>A memory's salience after a citation, 0 to 1.</summary>
/// <param name="Id">The memory cited.</param>
/// <param name="Salience">How much it matters now, 0 to 1.</param>
/// <param name="SalienceAt">The time the salience is of.</param>
public sealed record CitationResponse(string Id, double Salience, DateTimeOffset SalienceAt);

/// <summary>What a distillation made.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Episodes">How many episodes.</param>
/// <param name="Facts">How many facts and candidates were written or changed.</param>
/// <param name="Turns">How many turns were distilled.</param>
/// <param name="EpisodeIds">Their ids.</param>
/// <param name="FactIds">Their ids.</param>
/// <param name="Status"><c>complete</c>; or <c>running</c>, with 202, while a long distillation goes on: asked again, the call waits for
/// the same one.</param>
public sealed record DistillationResponse(
    string SessionId, int Episodes, int Facts, long Turns, IReadOnlyList<string> EpisodeIds, IReadOnlyList<string> FactIds,
    [property: AllowedValues("complete", "running")] string Status = "complete");

/// <summary>How far a session is distilled.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Turns">How many turns it has.</param>
/// <param name="DistilledTurns">How many of them, from the first, are distilled.</param>
/// <param name="PendingTurns">How many are not yet.</param>
/// <param name="Status"><c>complete</c> when none is left, else <c>pending</c>.</param>
public sealed record DistillationProgressResponse(
    string SessionId, long Turns, long DistilledTurns, long PendingTurns, [property: AllowedValues("complete", "pending")] string Status);
