using MemoryOrleans.Recall;

namespace MemoryOrleans.Graph;

/// <summary>A validated search over entities as they are now.</summary>
/// <param name="Limit">1..100.</param>
/// <param name="UserId">This user's entities and those of no user; null: all.</param>
/// <param name="AgentId">This agent's entities and those of no agent; null: all.</param>
/// <param name="MinScore">Least absolute relevance, 0..1.</param>
public sealed record EntityQuery(
    string Tenant,
    string Query,
    int Limit,
    string? Type = null,
    string? UserId = null,
    string? AgentId = null,
    double? MinScore = null,
    bool Explain = false);

/// <summary>An observation and how well it answers by itself, 0..1, on the scale of an entity's relevance.</summary>
public sealed record MatchedObservation(Observation Observation, double Relevance);

/// <summary>
/// One entity found. <see cref="Score"/> is relative to the query and orders the items; <see cref="Relevance"/> is absolute.
/// </summary>
/// <param name="Matches">Its observations that have to do with the query, best first, at most
/// <see cref="GraphLimits.MatchesShown"/>.</param>
public sealed record FoundEntity(
    Entity Entity, double Score, double Relevance, IReadOnlyList<MatchedObservation> Matches, ScoreExplanation? Explanation);

/// <summary>The answer to a search, best first; for the same <see cref="Watermark"/> and query the order is the same.</summary>
/// <param name="Degraded">Parts of the ranking that could not take part; see <see cref="RecallResult.Degraded"/>.</param>
public sealed record EntitySearchResult(
    IReadOnlyList<FoundEntity> Items, IReadOnlyList<string> Degraded, string Watermark, DateTimeOffset EvaluatedAt);
