using MemoryOrleans.Graph;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>
/// Recall where a scope's index is kept warm: named by <see cref="GrainKeys.OfScope(RecallQuery)"/>, so that a user's questions meet on one
/// silo. Any silo answers rightly, as an index catches up with everything committed before it answers. Calls interleave.
/// </summary>
[Alias("memory.IRecallGrain")]
public interface IRecallGrain : IGrainWithStringKey
{
    /// <summary>Ranked, cited turns and memories; the query's tenant must be the grain's.</summary>
    [Alias("recall")]
    Task<Outcome<RecallResult>> RecallAsync([Immutable] RecallQuery query, CancellationToken cancel);

    /// <summary>Entities of the tenant's graph, ranked like turns.</summary>
    [Alias("entities")]
    Task<Outcome<EntitySearchResult>> SearchEntitiesAsync([Immutable] EntityQuery query, CancellationToken cancel);

    /// <summary>A session's context, as the release before asks for it. Stays for one release.</summary>
    [Alias("context")]
    Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey session, string? query, int maxTokens, CancellationToken cancel);
}
