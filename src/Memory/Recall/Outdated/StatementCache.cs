using System.Collections.Concurrent;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>
/// What turns state, kept for those that were recalled or compared of late; one for both. Of an erased text it keeps nothing once told
/// to forget.
/// </summary>
public sealed class StatementCache(IEmbedder embedder)
{
    private const int TurnsMax = 16_384;
    private readonly ConcurrentDictionary<Key, StatedTurn> kept = new();

    internal ReadStatements Reader { get; } = new(embedder);

    internal StatedTurn Of(string tenant, Turn turn)
    {
        var key = new Key(tenant, turn.SessionId, turn.Seq, string.GetHashCode(turn.Content, StringComparison.Ordinal));
        if (kept.TryGetValue(key, out var known))
            return known;
        if (kept.Count >= TurnsMax)
            kept.Clear();
        return kept[key] = new StatedTurn(Reader);
    }

    public void Clear()
    {
        kept.Clear();
        Reader.Forget();
    }

    private readonly record struct Key(string Tenant, string Session, long Seq, int Content);
}
