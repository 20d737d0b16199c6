using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memories;

public enum MemoryTier
{
    /// <summary>What happened: episodes, and what agents record as such.</summary>
    Episodic,

    /// <summary>What is so: facts, preferences, procedures.</summary>
    Semantic,
}

public enum MemoryStatus
{
    /// <summary>Not promoted yet: kept, never recalled.</summary>
    Candidate,

    /// <summary>Recalled.</summary>
    Active,

    /// <summary>Put away by retention or by undoing what made it; recalled only when asked for.</summary>
    Archived,

    /// <summary>Another memory took its place.</summary>
    Superseded,

    /// <summary>Its content is gone; what is left says only that it was.</summary>
    Erased,
}

/// <summary>
/// Whose memory it is; the nearest named owner is its scope: session, user, agent, agent class, else the whole tenant.
/// </summary>
public sealed record MemoryOwner(string? UserId = null, string? AgentId = null, string? AgentClass = null, string? SessionId = null)
{
    public static readonly MemoryOwner Tenant = new();
}

/// <summary>
/// How much a memory matters at a moment, 0..1. Between reinforcements it falls by half every half-life, so the pair of a
/// value and its time says all (docs/ranking.md).
/// </summary>
public readonly record struct Salience(double Value, DateTimeOffset At);

/// <summary>
/// What a fact claims, in a form two facts can be compared by. Each is normalised: lower case, single spaces.
/// </summary>
/// <param name="Subject">Whom or what it is about, for instance <c>user</c> or <c>melanie</c>.</param>
/// <param name="Attribute">Which of the subject's attributes, for instance <c>home</c>, <c>employer</c>, <c>likes</c>.</param>
/// <param name="Value">The attribute's value, for instance <c>berlin</c>. Empty: from <c>valid_from</c> on a single-valued
/// attribute has none ("is between jobs"), which supersedes the value it had.</param>
/// <param name="IsSingleValued">True when the subject has one value at a time (home, employer), so that a new one supersedes
/// the old; false when values stand side by side (likes, owns).</param>
public sealed record FactClaim(string Subject, string Attribute, string Value, bool IsSingleValued);

/// <summary>
/// An episode, a fact, or a record an agent wrote, in one of its versions. Versions are never changed: a change closes the
/// current one (<see cref="SupersededAt"/>) and adds the next, so what was known at a time is the version with
/// <see cref="RecordedAt"/> ≤ then &lt; <see cref="SupersededAt"/>.
/// </summary>
public sealed record MemoryRecord
{
    /// <summary>Unique within the tenant.</summary>
    public required string Id { get; init; }

    /// <summary>1, 2, …: the ETag.</summary>
    public required long Version { get; init; }

    /// <summary><c>episode</c>, <c>fact</c>, or an agent's own word.</summary>
    public required string Kind { get; init; }

    public required MemoryTier Tier { get; init; }

    public required MemoryStatus Status { get; init; }

    public required string Content { get; init; }

    public required MemoryOwner Owner { get; init; }

    /// <summary>How much the text matters, 0..1; set when it is written.</summary>
    public required double Importance { get; init; }

    public required Salience Salience { get; init; }

    /// <summary>Pinned memories do not decay and are not retired.</summary>
    public bool IsPinned { get; init; }

    /// <summary>True in the world from here; of an episode, when its first turn occurred.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>True in the world until just before; null: as far as we know it still is.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>
    /// The latest time for which its claim was stated again, when later than <see cref="ValidFrom"/>; else null. What was
    /// said of an earlier time does not retire it, though it began still earlier.
    /// </summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>When this version became known to us.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>When this version stopped being what we know; null for the current one.</summary>
    public DateTimeOffset? SupersededAt { get; init; }

    /// <summary>
    /// The memory that took this one's place: <see cref="ValidTo"/> is then that one's beginning. Set on superseded facts, and on
    /// candidates that came too late to be current; kept when such a fact is archived.
    /// </summary>
    public string? SupersededBy { get; init; }

    /// <summary>The turns it rests on, by session and seq; an agent's own record may have none.</summary>
    public IReadOnlyList<SourceTurn> Sources { get; init; } = [];

    /// <summary>Null for everything but facts that could be parsed.</summary>
    public FactClaim? Claim { get; init; }

    public IReadOnlyList<string> Topics { get; init; } = [];

    public IReadOnlyList<string> Entities { get; init; } = [];

    /// <summary>
    /// Other names by which people ask for it, each unique among the memories of its owner; at most <see cref="TextRules.AliasesMax"/>.
    /// </summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Canonical JSON of an object, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>What made it: the distiller with its version, or <c>agent</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>What the change that made this version was, for history and undo.</summary>
    public required MemoryChange Change { get; init; }

    /// <summary>Versions made by one decision share it, so that they are undone together.</summary>
    public required string Operation { get; init; }
}

/// <summary>Why a version came to be.</summary>
public enum MemoryChange
{
    Written,
    Distilled,
    Promoted,

    /// <summary>A near-duplicate was taken up: sources and salience grew.</summary>
    Merged,
    Reinforced,
    Edited,
    Superseded,
    Archived,
    Restored,
    Undone,
    Redacted,
    Erased,
}
