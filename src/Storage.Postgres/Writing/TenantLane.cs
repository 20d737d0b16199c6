namespace MemoryOrleans.Storage.Postgres;

/// <summary>The waiting writes of one tenant, in order. Guarded by the queue's lock.</summary>
internal sealed class TenantLane(string tenant)
{
    private readonly Queue<PendingWrite> writes = new();

    public string Tenant => tenant;

    public int Depth => writes.Count;

    public long? QueuedSince => writes.TryPeek(out var oldest) ? oldest.QueuedAt : null;

    public void Add(PendingWrite write) => writes.Enqueue(write);

    public bool TryTake(out PendingWrite? write) => writes.TryDequeue(out write);

    /// <summary>
    /// Moves the oldest writes into <paramref name="group"/>: commits up to the turns one transaction may hold, or one
    /// write that is a call by itself.
    /// </summary>
    public void TakeGroup(List<PendingWrite> group, int turnsMax)
    {
        var turns = 0;
        while (writes.TryPeek(out var next) && (group.Count == 0 || (next is CommitWrite && turns + next.Weight <= turnsMax)))
        {
            turns += next.Weight;
            group.Add(writes.Dequeue());
            if (next is LoneWrite)
                return;
        }
    }
}
