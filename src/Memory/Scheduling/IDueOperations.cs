namespace MemoryOrleans.Scheduling;

/// <summary>What administrators do with the due work of their tenant.</summary>
public interface IDueOperations
{
    /// <summary>Oldest first. A malformed cursor is InvalidInput on field <c>cursor</c>.</summary>
    Task<Outcome<Page<DueWork>>> ListAsync(
        string tenant, DueState? state, string? kindPrefix, string? cursor, int limit, CancellationToken cancel);

    /// <summary>Makes dead work ready, due now. NotFound when the tenant has no such dead work.</summary>
    Task<Outcome<DueWork>> RequeueAsync(string tenant, long id, CancellationToken cancel);
}
