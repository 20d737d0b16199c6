using MemoryOrleans.Embeddings;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// Memories taken apart for <see cref="NearDuplicatePolicy"/>, each version once: only those that the index shows to be alike are
/// asked for. The one unused longest goes first. Safe for concurrent use.
/// </summary>
/// <param name="capacity">Memories kept, at least 1.</param>
internal sealed class FactTexts(IEmbedder embedder, LeftOutItems leftOut, int capacity)
{
    private readonly Lock cacheLock = new();
    private readonly Dictionary<(string Tenant, string Id, long Version), LinkedListNode<Entry>> nodes = [];
    private readonly LinkedList<Entry> byUse = new();

    /// <summary>Null for one that cannot be taken apart; it is then like no other.</summary>
    public FactText? Of(string tenant, MemoryRecord memory)
    {
        var key = (tenant, memory.Id, memory.Version);
        lock (cacheLock)
        {
            if (nodes.TryGetValue(key, out var known))
            {
                byUse.Remove(known);
                byUse.AddFirst(known);
                return known.Value.Text;
            }
        }

        var text = leftOut.Read(tenant, memory.Id, () => FactText.Of(memory.Content, embedder));
        if (text is not null)
            Keep(key, text);
        return text;
    }

    public void Clear()
    {
        lock (cacheLock)
        {
            nodes.Clear();
            byUse.Clear();
        }
    }

    private void Keep((string Tenant, string Id, long Version) key, FactText text)
    {
        lock (cacheLock)
        {
            if (nodes.ContainsKey(key))
                return;
            if (nodes.Count == capacity && byUse.Last is { } oldest)
            {
                byUse.RemoveLast();
                nodes.Remove(oldest.Value.Key);
            }

            nodes.Add(key, byUse.AddFirst(new Entry(key, text)));
        }
    }

    private sealed record Entry((string Tenant, string Id, long Version) Key, FactText Text);
}
