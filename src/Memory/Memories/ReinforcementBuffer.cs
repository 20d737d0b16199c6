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
    private readonly Dictionary<string, ReinforcementBatch> batches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReinforcementBatch> unsaved = new(StringComparer.Ordinal);

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
    /// Saves what was gathered, of each tenant by itself; the candidates among it, as they are now. What the store does not take is
    /// saved next time.
    /// </summary>
    /// <returns>The candidates of the tenants that were saved, and why the first of the others was not; null when all were.</returns>
    public async Task<(IReadOnlyList<(string Tenant, MemoryRecord Candidate)> Candidates, Exception? Failure)> SaveAsync(
        CancellationToken cancel)
    {
        var candidates = new List<(string Tenant, MemoryRecord Candidate)>();
        await saving.WaitAsync(cancel);
        try
        {
            // First what an earlier failed saving left behind, then what came in since.
            var left = await SaveEachAsync(TakeLeft(), candidates, cancel);
            var news = await SaveEachAsync(TakeNew(), candidates, cancel);
            return (candidates, left ?? news);
        }
        finally
        {
            saving.Release();
        }
    }

    public void Dispose() => saving.Dispose();

    private async Task<Exception?> SaveEachAsync(
        KeyValuePair<string, ReinforcementBatch>[] taken, List<(string Tenant, MemoryRecord Candidate)> candidates,
        CancellationToken cancel)
    {
        Exception? first = null;
        foreach (var (tenant, batch) in taken)
        {
            try
            {
                candidates.AddRange(await SaveAsync(tenant, batch, cancel));
                Forget(tenant);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                // A tenant's boundary: its store may be away while those of the others are not.
                first ??= failure;
            }
        }

        return first;
    }

    private KeyValuePair<string, ReinforcementBatch>[] TakeLeft()
    {
        lock (batchesLock)
            return [.. unsaved];
    }

    // Of a tenant whose last batch could not be saved the next one waits behind it.
    private KeyValuePair<string, ReinforcementBatch>[] TakeNew()
    {
        lock (batchesLock)
        {
            KeyValuePair<string, ReinforcementBatch>[] news = [.. batches.Where(each => !unsaved.ContainsKey(each.Key))];
            foreach (var (tenant, batch) in news)
            {
                batches.Remove(tenant);
                unsaved.Add(tenant, batch);
            }

            return news;
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
