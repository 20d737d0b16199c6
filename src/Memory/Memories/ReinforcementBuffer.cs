namespace MemoryOrleans.Memories;

/// <summary>
/// Gathers reinforcements of all tenants between two savings. What a process gathered since the last saving is lost when it
/// is killed: a reinforcement is a hint, and each in a transaction of its own would cost more than it is worth. Safe for
/// concurrent use.
/// </summary>
public sealed class ReinforcementBuffer(IMemoryStore memories, SalienceCurve curve) : IDisposable
{
    private readonly Lock batchesLock = new();
    private readonly SemaphoreSlim saving = new(1, 1);
    private Dictionary<string, ReinforcementBatch> batches = new(StringComparer.Ordinal);
    private Dictionary<string, ReinforcementBatch> unsaved = new(StringComparer.Ordinal);

    /// <summary>Takes one up; false when there are as many of the tenant as a batch holds: save, and add it again.</summary>
    public bool TryAdd(string tenant, string memoryId, Reinforcement reinforcement, DateTimeOffset at)
    {
        lock (batchesLock)
        {
            if (!batches.TryGetValue(tenant, out var batch))
                batches.Add(tenant, batch = new ReinforcementBatch());
            return batch.TryAdd(memoryId, reinforcement, at);
        }
    }

    /// <summary>The memory with the reinforcements that are not saved yet.</summary>
    public MemoryRecord Apply(string tenant, MemoryRecord current)
    {
        lock (batchesLock)
            return Apply(batches, tenant, Apply(unsaved, tenant, current));
    }

    /// <summary>
    /// Saves what was gathered; the candidates among it, as they are now. What the store does not take is saved next time.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    public async Task<IReadOnlyList<(string Tenant, MemoryRecord Candidate)>> SaveAsync(CancellationToken cancel)
    {
        var candidates = new List<(string Tenant, MemoryRecord Candidate)>();
        await saving.WaitAsync(cancel);
        try
        {
            // Two rounds: first what an earlier failed saving left behind, then what came in since.
            for (var round = 0; round < 2; round++)
            {
                foreach (var (tenant, batch) in Take())
                {
                    candidates.AddRange(await SaveAsync(tenant, batch, cancel));
                    Forget(tenant);
                }
            }
        }
        finally
        {
            saving.Release();
        }

        return candidates;
    }

    public void Dispose() => saving.Dispose();

    private KeyValuePair<string, ReinforcementBatch>[] Take()
    {
        lock (batchesLock)
        {
            if (unsaved.Count == 0)
                (unsaved, batches) = (batches, unsaved);
            return [.. unsaved];
        }
    }

    private void Forget(string tenant)
    {
        lock (batchesLock)
            unsaved.Remove(tenant);
    }

    private async Task<IEnumerable<(
        string Tenant, MemoryRecord Candidate)>> SaveAsync(string tenant, ReinforcementBatch batch, CancellationToken cancel)
    {
        var current = await memories.FindMemoriesAsync(tenant, batch.MemoryIds, cancel);
        var updates = batch.Apply(current, curve);
        await memories.SaveSalienceAsync(tenant, updates, cancel);
        var raised = updates.Select(static update => update.MemoryId).ToHashSet(StringComparer.Ordinal);
        return current.Where(memory => memory.Status == MemoryStatus.Candidate && raised.Contains(memory.Id))
            .Select(memory => (tenant, memory));
    }

    private MemoryRecord Apply(Dictionary<string, ReinforcementBatch> from, string tenant, MemoryRecord current) =>
        from.TryGetValue(tenant, out var batch) && batch.Apply([current], curve) is [var update]
            ? current with { Salience = update.Salience }
            : current;
}
