using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall;

/// <summary>What was true (<see cref="Valid"/>) and what was known to us (<see cref="Known"/>) at a time; null: now.</summary>
public sealed record AsOf(DateTimeOffset? Valid, DateTimeOffset? Known);

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
/// <param name="MinScore">Least absolute relevance, 0..1.</param>
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
    bool Explain = false);

/// <summary>One recalled turn. <see cref="Score"/> is relative to the query; <see cref="Relevance"/> is absolute, 0..1.</summary>
public sealed record RecalledItem(
    string Id,
    string Kind,
    string Tier,
    string Content,
    double Score,
    double Relevance,
    Turn Turn,
    ScoreExplanation? Explanation);

/// <summary>
/// Parts of a score; they sum to it within 1e-6. The subject's part is (multiplier − 1) × the sum of the others.
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
    string? VectorModel = null);

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
    DateTimeOffset EvaluatedAt);

/// <summary>A prompt-ready block within a token budget; each line ends in the citation of its turn.</summary>
/// <param name="Tokens">Estimated tokens of <see cref="Text"/>, never more than asked for.</param>
public sealed record ContextBlock(string Text, int Tokens, IReadOnlyList<ContextCitation> Citations);

/// <summary>A turn that a context block cites.</summary>
/// <param name="Label">How the text refers to it, for instance <c>[3]</c>.</param>
/// <param name="Section">Where it stands: <c>working_memory</c> or <c>recalled</c>.</param>
public sealed record ContextCitation(string Label, string Section, string SessionId, string TurnId, long Seq);
