using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>Body of <c>POST /v1/recall</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RecallRequest
{
    /// <summary>What to look for, in words: 1 to 4,000 characters.</summary>
    [Required]
    [StringLength(4_000, MinimumLength = 1)]
    public string? Query { get; init; }

    /// <summary>Most items to answer; default 10.</summary>
    [Range(1, 100)]
    public int? Limit { get; init; }

    /// <summary>Only this user's sessions.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? UserId { get; init; }

    /// <summary>Only this agent's sessions.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? AgentId { get; init; }

    /// <summary>Alone: only this session. Beside a user: that session too, with its working memory.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? SessionId { get; init; }

    /// <summary>Only these kinds; at most 16.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>Only these tiers: working, episodic, semantic.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Tiers { get; init; }

    /// <summary>
    /// Only memories of these scopes: session, user, agent, agent_class, tenant. Absent: the named ones and all that are wider.
    /// </summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The agent class or skill whose memories apply too.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? AgentClass { get; init; }

    /// <summary>Archived memories answer too.</summary>
    public bool? Archived { get; init; }

    /// <summary>Leave out what is known to be outdated; else it is marked as <c>outdated_by</c>.</summary>
    public bool? Current { get; init; }

    /// <summary>Answer as of another time.</summary>
    public AsOfInput? AsOf { get; init; }

    /// <summary>
    /// The asker's time zone, a name of the IANA database, by which "yesterday" is meant. Absent: the session's, else that of the user's
    /// newest session that has one, else UTC.
    /// </summary>
    [StringLength(64, MinimumLength = 1)]
    public string? TimeZone { get; init; }

    /// <summary>Masks on the items.</summary>
    public RecallFilterInput? Filter { get; init; }

    /// <summary>
    /// Least absolute relevance of an item, 0 to 1; 0 leaves nothing out. Absent: nothing is answered where none of the first ten reaches
    /// the server's default.
    /// </summary>
    [Range(0.0, 1.0)]
    public double? MinScore { get; init; }

    /// <summary>Budget for the items' contents, in estimated tokens.</summary>
    [Range(1, 1_000_000)]
    public int? MaxTokens { get; init; }

    /// <summary>Also answer the parts that each score is the sum of.</summary>
    public bool? Explain { get; init; }
}

/// <summary>The time to answer for: what was true, and what was known to the service.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AsOfInput
{
    /// <summary>True in the world at this time.</summary>
    public DateTimeOffset? Valid { get; init; }

    /// <summary>Recorded by this time.</summary>
    public DateTimeOffset? Known { get; init; }
}

/// <summary>Masks on recalled items; what is absent does not restrict.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RecallFilterInput
{
    /// <summary>The speaker's role.</summary>
    [RegularExpression("^[A-Za-z0-9_.-]{1,64}$")]
    public string? Role { get; init; }

    /// <summary>The speaker's name.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>Said at or after.</summary>
    public DateTimeOffset? OccurredFrom { get; init; }

    /// <summary>Said at or before.</summary>
    public DateTimeOffset? OccurredTo { get; init; }

    /// <summary>Top-level metadata members that must be, or hold when they are lists, these strings,
    /// numbers, booleans or nulls; or meet these conditions: <c>any</c>, <c>not</c>, <c>gt</c>, <c>gte</c>, <c>lt</c>, <c>lte</c>. At most
    /// 16.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }
}

/// <summary>The answer to a recall, best item first.</summary>
/// <param name="Items">What was found.</param>
/// <param name="Intent">What the question seems to be after.</param>
/// <param name="Degraded">True when part of the ranking could not take part; <paramref name="DegradedArms"/> names it.</param>
/// <param name="DegradedArms">The parts of the ranking that could not take part.</param>
/// <param name="Watermark">What was visible: for the same watermark, <paramref name="EvaluatedAt"/> and query the items are the
/// same.</param>
/// <param name="EvaluatedAt">The time it was answered for.</param>
/// <param name="TookMs">How long the service took, in milliseconds.</param>
public sealed record RecallResponse(
    IReadOnlyList<RecalledItemResponse> Items,
    string Intent,
    bool Degraded,
    IReadOnlyList<string> DegradedArms,
    string Watermark,
    DateTimeOffset EvaluatedAt,
    double TookMs)
{
    /// <summary>What was found and not answered.</summary>
    public CutResponse Cut { get; init; } = new(0, 0);
}

/// <summary>How many of the turns and memories that were ranked are left out of the answer, and why.</summary>
/// <param name="BelowScore">Less relevant than <c>min_score</c>, or than its default.</param>
/// <param name="OverBudget">Too long for what <c>max_tokens</c> left.</param>
public sealed record CutResponse(int BelowScore, int OverBudget);

/// <summary>One recalled item.</summary>
/// <param name="Id">Unique in the tenant.</param>
/// <param name="Kind"><c>turn</c>, <c>episode</c>, <c>fact</c>, or an agent's own.</param>
/// <param name="Tier"><c>working</c>, <c>episodic</c> or <c>semantic</c>.</param>
/// <param name="Content">The text.</param>
/// <param name="Score">Relative to the query; orders the items.</param>
/// <param name="Relevance">Absolute, 0 to 1; what <c>min_score</c> speaks of.</param>
/// <param name="SessionId">A turn's session; of a memory the one it belongs to, or null.</param>
/// <param name="TurnIds">The turns it cites, by their own ids.</param>
/// <param name="Sources">The same turns, named fully.</param>
/// <param name="OccurredAt">When it was said; of a memory, from when it is true.</param>
/// <param name="Role">Who said it; null for a memory.</param>
/// <param name="Name">The speaker's name; null: none.</param>
/// <param name="Metadata">The metadata given; absent: none.</param>
/// <param name="Explanation">The parts of the score, when asked for.</param>
/// <param name="Update">How it came right above or below another; absent: it did not.</param>
/// <param name="OutdatedBy">What replaced it; absent: nothing that is known.</param>
/// <param name="Snippet">True when <paramref name="Content"/> is a part of a long content; the whole is the turn's or memory's own.</param>
/// <param name="AlsoSaid">Other turns in which the same speaker says the same word for word, newest first; absent where there are
/// none.</param>
public sealed record RecalledItemResponse(
    string Id,
    string Kind,
    [property: AllowedValues("working", "episodic", "semantic")] string Tier,
    string Content,
    double Score,
    double Relevance,
    string? SessionId,
    IReadOnlyList<string> TurnIds,
    IReadOnlyList<SourceResponse> Sources,
    [property: JsonConverter(typeof(PersonTimeConverter))] DateTimeOffset OccurredAt,
    string? Role,
    string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Metadata = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ScoreExplanationResponse? Explanation = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UpdateNoteResponse? Update = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OutdatedByResponse? OutdatedBy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SaidAgainResponse>? AlsoSaid = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Snippet = false);

/// <summary>Why an item stands where it does: a newer one was put right above the older one that it updates (docs/memories.md).</summary>
/// <param name="Rule">By which rule.</param>
/// <param name="Updates">On the newer item: the older one's id.</param>
/// <param name="UpdatedBy">On the older item: the newer one's id.</param>
public sealed record UpdateNoteResponse(
    string Rule,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Updates,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UpdatedBy);

/// <summary>The turn that replaced what an item says.</summary>
/// <param name="Id">The newer item's id.</param>
/// <param name="SessionId">The session.</param>
/// <param name="TurnId">The turn's own id, unique in its session.</param>
/// <param name="OccurredAt">When it was said.</param>
/// <param name="Rule">By which rule (docs/memories.md).</param>
public sealed record OutdatedByResponse(
    string Id, string SessionId, string TurnId, [property: JsonConverter(typeof(PersonTimeConverter))] DateTimeOffset OccurredAt,
    string Rule);

/// <summary>Another turn that says what an item says.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="TurnId">The turn's own id, unique in its session.</param>
/// <param name="Seq">The turn's number in its session, from 1.</param>
/// <param name="OccurredAt">When it was said.</param>
public sealed record SaidAgainResponse(
    string SessionId, string TurnId, long Seq, [property: JsonConverter(typeof(PersonTimeConverter))] DateTimeOffset OccurredAt);

/// <summary>A turn, named fully.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="TurnId">The turn's own id, unique in its session.</param>
/// <param name="Seq">The turn's number in its session, from 1.</param>
public sealed record SourceResponse(string SessionId, string TurnId, long Seq);

/// <summary>
/// The parts of a score: lexical, vector, smoothing, session_prior, subject, quote and, where they are, those of meaning, a memory's
/// tier.part and that of an update sum to it within 1e-6. The subject's part is (subject_multiplier − 1) × the sum of the others but
/// quote, the tier's and the update's.
/// </summary>
/// <param name="Lexical">For the words they share.</param>
/// <param name="Vector">For words of like meaning.</param>
/// <param name="Smoothing">For what the turns around it say.</param>
/// <param name="SessionPrior">For what the whole session says.</param>
/// <param name="Subject">For being said by whom the question is about, or not.</param>
/// <param name="SubjectMultiplier">The factor behind the subject's part.</param>
/// <param name="MatchedTerms">The words they share, as the index has them.</param>
/// <param name="VectorModel">The neural model whose vectors took part; absent when the static ones did.</param>
/// <param name="Tier">A memory's own part; absent for a turn.</param>
/// <param name="Meaning">What a local model adds; absent without one.</param>
/// <param name="Quote">For repeating four or more of the query's words in their order.</param>
/// <param name="Update">What the score of the item right below it was more, which it took over.</param>
public sealed record ScoreExplanationResponse(
    double Lexical,
    double Vector,
    double Smoothing,
    double SessionPrior,
    double Subject,
    double SubjectMultiplier,
    IReadOnlyList<string> MatchedTerms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? VectorModel = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TierExplanationResponse? Tier = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MeaningExplanationResponse? Meaning = null,
    double Quote = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Update = null);

/// <summary>Parts of a turn's score that the local model, windows of neighbouring turns and dates give.</summary>
/// <param name="Piece">Of the turn's best piece.</param>
/// <param name="Context">Of the turn with the one before it.</param>
/// <param name="StandIn">Of a turn not embedded yet, in place of the two before it.</param>
/// <param name="Window">Of the words of the turns around it.</param>
/// <param name="Date">Of a date that question and turn agree on.</param>
public sealed record MeaningExplanationResponse(double Piece, double Context, double StandIn, double Window, double Date);

/// <summary>
/// A memory's own part of its score: (weight × salience_factor × recency_factor × scope_factor − 1) × the sum of the others.
/// </summary>
/// <param name="Part">The part itself.</param>
/// <param name="Weight">The tier's weight for the intent.</param>
/// <param name="Salience">How much the memory matters now, 0 to 1.</param>
/// <param name="SalienceFactor">For how much it matters.</param>
/// <param name="RecencyFactor">For how new it is.</param>
/// <param name="Scope">Where it comes from: session, user, agent, agent_class or tenant.</param>
/// <param name="ScopeFactor">For how near its scope is.</param>
public sealed record TierExplanationResponse(
    double Part, double Weight, double Salience, double SalienceFactor, double RecencyFactor, string Scope, double ScopeFactor);
