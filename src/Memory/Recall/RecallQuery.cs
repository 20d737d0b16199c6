using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Outdated;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall;

/// <summary>Masks on recalled turns; null fields do not restrict. Metadata compares top-level members as JSON.</summary>
public sealed record RecallFilter(
    string? Role = null,
    string? Name = null,
    DateTimeOffset? OccurredFrom = null,
    DateTimeOffset? OccurredTo = null,
    IReadOnlyDictionary<string, string>? Metadata = null);

/// <summary>
/// A validated recall. The scope is the user's partition, the session alone when only a session is named, else the whole
/// tenant; an agent masks. A session beside a user adds that session and its working memory.
/// </summary>
/// <param name="Limit">1..100.</param>
/// <param name="MinScore">Least absolute relevance, 0..1; null: none, but nothing is answered where none of the first reaches the process's
/// default.</param>
/// <param name="MaxTokens">Budget for the items' contents, in estimated tokens.</param>
public sealed record RecallQuery(
    string Tenant,
    string Query,
    int Limit,
    string? UserId = null,
    string? AgentId = null,
    string? SessionId = null,
    IReadOnlyCollection<string>? Kinds = null,
    IReadOnlyCollection<string>? Tiers = null,
    AsOf? AsOf = null,
    RecallFilter? Filter = null,
    double? MinScore = null,
    int? MaxTokens = null,
    bool Explain = false)
{
    /// <summary>Scopes a memory may come from: session, user, agent, agent_class, tenant; null: all that apply.</summary>
    public IReadOnlyCollection<string>? Scopes { get; init; }

    /// <summary>The class or skill whose memories apply too; null: none.</summary>
    public string? AgentClass { get; init; }

    /// <summary>The agent whose own memories apply too, while <see cref="AgentId"/> masks nothing; null: none.</summary>
    public string? InheritedAgentId { get; init; }

    /// <summary>Leaves out what is known to be replaced.</summary>
    public bool IsCurrentOnly { get; init; }

    /// <summary>The asker's IANA time zone, by which "yesterday" is meant; null: as the session's or the user's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Archived memories answer like active ones.</summary>
    public bool WithArchived { get; init; }
}

/// <summary>
/// One recalled turn or memory. <see cref="Score"/> is relative to the query; <see cref="Relevance"/> is absolute, 0..1.
/// </summary>
/// <param name="Turn">The turn; of a memory, the memory as <see cref="MemoryDocument"/> reads it.</param>
public sealed record RecalledItem(
    string Id,
    string Kind,
    string Tier,
    string Content,
    double Score,
    double Relevance,
    Turn Turn,
    ScoreExplanation? Explanation)
{
    /// <summary>Null for a turn.</summary>
    public MemoryRecord? Memory { get; init; }

    /// <summary>Which other item it updates, or is updated by, and what that did to its score; null: neither.</summary>
    public UpdateNote? Update { get; init; }

    /// <summary>
    /// Other turns in which the same speaker says the same, newest first; the item is the newest of all, in the best one's place.
    /// </summary>
    public IReadOnlyList<SaidAgain> AlsoSaid { get; init; } = [];

    /// <summary>What replaced what it says; null: nothing that is known of.</summary>
    public OutdatedNote? OutdatedBy { get; init; }

    /// <summary>The session of a turn, or the one that a memory belongs to, if any.</summary>
    public string? SessionId => Memory is null ? Turn.SessionId : Memory.Owner.SessionId;

    /// <summary>The turns it cites: the turn itself, or what the memory rests on.</summary>
    public IReadOnlyList<SourceTurn> Sources => Memory is null ? [new SourceTurn(Turn.SessionId, Turn.Id, Turn.Seq)] : Memory.Sources;
}

/// <summary>A turn that says what an item says.</summary>
public sealed record SaidAgain(string SessionId, string TurnId, long Seq, DateTimeOffset OccurredAt);

/// <summary>
/// Parts of a score; they sum to it within 1e-6, a memory's with <see cref="TierExplanation.Part"/>. The subject's part is
/// (multiplier − 1) × the sum of the others.
/// </summary>
/// <param name="VectorModel">The neural model whose vectors took part; null when the static ones did.</param>
public sealed record ScoreExplanation(
    double Lexical,
    double Vector,
    double Smoothing,
    double SessionPrior,
    double Subject,
    IReadOnlyList<string> MatchedTerms,
    double SubjectMultiplier,
    string? VectorModel = null)
{
    /// <summary>For repeating the question's words in their order; the subject does not multiply it.</summary>
    public double Quote { get; init; }

    /// <summary>How a memory's tier, salience, recency and scope changed its score; null for turns.</summary>
    public TierExplanation? Tier { get; init; }

    /// <summary>What a local encoder, windows and dates gave; null without an encoder.</summary>
    public MeaningExplanation? Meaning { get; init; }
}

/// <summary>Parts of a turn's score that only the formula with an encoder has (docs/ranking.md); they are in the sum.</summary>
/// <param name="StandIn">Of a turn without vectors yet, in place of <paramref name="Piece"/> and <paramref name="Context"/>.</param>
public sealed record MeaningExplanation(double Piece, double Context, double StandIn, double Window, double Date);

/// <summary>
/// A memory's own part of its score: (weight × salience factor × recency factor × scope factor − 1) × the sum of the others.
/// </summary>
/// <param name="Salience">What the memory matters at the time of the recall, 0..1.</param>
/// <param name="Scope">Where it comes from: session, user, agent, agent_class or tenant.</param>
public sealed record TierExplanation(
    double Part, double Weight, double Salience, double SalienceFactor, double RecencyFactor, string Scope, double ScopeFactor);

/// <summary>
/// The answer to a recall. For the same <see cref="Watermark"/>, <see cref="EvaluatedAt"/> and query the items are the same,
/// as long as a neural space, where there is one, holds the same vectors (docs/ranking.md).
/// </summary>
/// <param name="Degraded">Names of the arms that could not take part; empty when all did.</param>
public sealed record RecallResult(
    IReadOnlyList<RecalledItem> Items,
    string Intent,
    IReadOnlyList<string> Degraded,
    string Watermark,
    DateTimeOffset EvaluatedAt)
{
    /// <summary>Turns and memories that were ranked and passed over for being less relevant than asked for.</summary>
    public int BelowScore { get; init; }

    /// <summary>Those that did not fit the tokens asked for.</summary>
    public int OverBudget { get; init; }
}

/// <summary>A prompt-ready block within a token budget; each entry ends in the label of what it cites.</summary>
/// <param name="Tokens">Estimated tokens of <see cref="Text"/>, never more than asked for.</param>
public sealed record ContextBlock(string Text, int Tokens, IReadOnlyList<ContextCitation> Citations);

/// <summary>What an entry of a context block rests on.</summary>
/// <param name="Label">How the text refers to it, for instance <c>[3]</c>.</param>
/// <param name="Section">Where it stands: <c>working_memory</c>, <c>summary</c> or <c>recalled</c>.</param>
/// <param name="Kind"><c>turn</c>, or the memory's kind.</param>
/// <param name="MemoryId">Null for turns.</param>
/// <param name="Sources">The turn itself, or the turns the memory rests on: none for some that agents wrote.</param>
public sealed record ContextCitation(string Label, string Section, string Kind, string? MemoryId, IReadOnlyList<SourceTurn> Sources);
