namespace MemoryOrleans.Scheduling;

/// <summary>What administrators see of due work, and the requeueing of dead work; the same under every host.</summary>
/// <param name="requeued">Told when there is something to do.</param>
public sealed class DueOperations(IDueStore store, TimeProvider clock, Action requeued) : IDueOperations
{
    public async Task<Outcome<Page<DueWork>>> ListAsync(
        string tenant, DueState? state, string? kindPrefix, string? cursor, int limit, CancellationToken cancel) =>
        await store.ListAsync(tenant, state, kindPrefix, cursor, limit, cancel);

    public async Task<Outcome<DueWork>> RequeueAsync(string tenant, long id, CancellationToken cancel)
    {
        if (await store.RequeueAsync(tenant, id, clock.GetUtcNow(), cancel) is not { } work)
            return new MemoryError(ErrorCode.NotFound, "There is no such dead work.");
        requeued();
        return work;
    }
}
