using MemoryOrleans.Feed;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// The newest change of each partition in use, kept by the committer so that recall need not ask the database. Heads only
/// grow, so the greater of what a reader loaded and what the committer published is always right.
/// </summary>
internal sealed class PartitionHeads
{
    /// <summary>About 20 MB; beyond it all are forgotten and loaded again as they are asked for.</summary>
    private const int PartitionsMax = 100_000;

    private readonly Lock gate = new();
    private readonly Dictionary<PartitionKey, long> heads = [];
    private int generation;

    /// <summary>The head when it is known; else the generation to hand back to <see cref="Add"/> with the loaded one.</summary>
    public bool TryGet(PartitionKey partition, out long head, out int current)
    {
        lock (gate)
        {
            current = generation;
            return heads.TryGetValue(partition, out head);
        }
    }

    /// <summary>
    /// Keeps a head read from the database after <paramref name="loadedIn"/> was given out, and answers the newest known. One
    /// loaded before everything was forgotten is not kept: a commit since then may have been forgotten with the rest.
    /// </summary>
    public long Add(PartitionKey partition, long head, int loadedIn)
    {
        lock (gate)
            return loadedIn == generation ? Raise(partition, head) : head;
    }

    /// <summary>Called after a commit is durable and before anyone is told of it.</summary>
    public void Publish(IReadOnlyDictionary<PartitionKey, long> committed)
    {
        lock (gate)
        {
            foreach (var (partition, head) in committed)
                Raise(partition, head);
        }
    }

    /// <summary>Forgets a tenant's heads, and that others were loaded before: those may be of what is gone.</summary>
    public void Forget(string tenant)
    {
        lock (gate)
        {
            foreach (var partition in heads.Keys.Where(partition => partition.Tenant == tenant).ToList())
                heads.Remove(partition);
            generation++;
        }
    }

    private long Raise(PartitionKey partition, long head)
    {
        if (heads.Count >= PartitionsMax && !heads.ContainsKey(partition))
        {
            heads.Clear();
            generation++;
        }

        return heads[partition] = Math.Max(head, heads.GetValueOrDefault(partition));
    }
}
