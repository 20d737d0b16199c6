namespace MemoryOrleans.Storage.Postgres;

/// <summary>The waiting writes of one tenant, in order. Guarded by the queue's lock.</summary>
internal sealed class TenantLane(string tenant)
{
    private readonly Queue<PendingWrite> writes = new();
    private readonly HashSet<(string SessionId, string TurnId)> turnIds = [];

    public string Tenant => tenant;

    public int Depth => writes.Count;

    public void Add(PendingWrite write) => writes.Enqueue(write);

    public bool TryTake(out PendingWrite? write) => writes.TryDequeue(out write);

    /// <summary>
    /// Moves the oldest writes into <paramref name="group"/>, up to the turns one transaction may hold: a deletion by itself,
    /// commits until one that repeats a turn id of a commit before it, which only that one's outcome makes right or wrong.
    /// </summary>
    public void TakeGroup(List<PendingWrite> group, int turnsMax)
    {
        turnIds.Clear();
        var turns = 0;
        while (writes.TryPeek(out var next) && (group.Count == 0 || (turns + next.Weight <= turnsMax && Joins(next))))
        {
            if (group.Count == 0)
                Joins(next);
            turns += next.Weight;
            group.Add(writes.Dequeue());
            if (next is DeleteWrite)
                return;
        }
    }

    private bool Joins(PendingWrite write)
    {
        if (write is not CommitWrite { Commit: { } commit })
            return false;
        foreach (var turn in commit.Turns)
        {
            if (turnIds.Contains((commit.Key.Id, turn.Id)))
                return false;
        }

        foreach (var turn in commit.Turns)
            turnIds.Add((commit.Key.Id, turn.Id));
        return true;
    }
}
