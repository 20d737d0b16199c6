using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <summary>What a context recalls beyond the window; null fields do not restrict.</summary>
/// <param name="UserId">Whose session it must be; of another's the answer is 404.</param>
/// <param name="Scopes">session, user, agent, agent_class, tenant.</param>
/// <param name="MinScore">Least relevance, 0 to 1.</param>
public sealed record ContextNarrowing(
    string? UserId = null, string? AgentId = null, IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? Kinds = null,
    RecallFilterInput? Filter = null, double? MinScore = null);
