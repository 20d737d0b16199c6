namespace MemoryOrleans.Graph;

/// <summary>Entities for a query, best first; see <see cref="EntitySearch"/>.</summary>
public interface IEntitySearch
{
    Task<Outcome<EntitySearchResult>> SearchAsync(EntityQuery query, CancellationToken cancel);
}
