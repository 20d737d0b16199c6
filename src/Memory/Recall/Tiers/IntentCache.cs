namespace MemoryOrleans.Recall.Tiers;

/// <summary>The intents of questions asked lately; the one unused longest goes first. Safe for concurrent use.</summary>
/// <param name="capacity">Questions kept, at least 1.</param>
internal sealed class IntentCache(int capacity)
{
    private readonly Lock cacheLock = new();
    private readonly Dictionary<string, LinkedListNode<(string Question, string Intent)>> nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Question, string Intent)> byUse = new();

    public int Count
    {
        get
        {
            lock (cacheLock)
                return nodes.Count;
        }
    }

    public void Clear()
    {
        lock (cacheLock)
        {
            nodes.Clear();
            byUse.Clear();
        }
    }

    public string Of(string question)
    {
        lock (cacheLock)
        {
            if (nodes.TryGetValue(question, out var known))
            {
                byUse.Remove(known);
                byUse.AddFirst(known);
                return known.Value.Intent;
            }
        }

        var intent = IntentPolicy.Classify(question);
        lock (cacheLock)
        {
            if (nodes.ContainsKey(question))
                return intent;
            if (nodes.Count == capacity && byUse.Last is { } oldest)
            {
                byUse.RemoveLast();
                nodes.Remove(oldest.Value.Question);
            }

            nodes.Add(question, byUse.AddFirst((question, intent)));
        }

        return intent;
    }
}
