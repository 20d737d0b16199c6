using System.Collections.Concurrent;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>What turns state, kept for those that were recalled of late. Of an erased text it keeps nothing once told to forget.</summary>
internal sealed class StatementCache(IEmbedder embedder)
{
    private const int TurnsMax = 16_384;
    private readonly ReadStatements read = new(embedder);
    private readonly ConcurrentDictionary<Key, IReadOnlyList<Statement>> kept = new();

    public ReadStatements Reader => read;

    /// <param name="language">The language that its speaker mostly writes.</param>
    public IReadOnlyList<Statement> Of(string tenant, Turn turn, string language)
    {
        var key = new Key(tenant, turn.SessionId, turn.Seq, string.GetHashCode(turn.Content, StringComparison.Ordinal), language);
        if (kept.TryGetValue(key, out var known))
            return known;
        if (kept.Count >= TurnsMax)
            kept.Clear();
        return kept[key] = read.Of(turn.Content, new Dictionary<string, int>(StringComparer.Ordinal) { [language] = 4 });
    }

    public void Clear() => kept.Clear();

    private readonly record struct Key(string Tenant, string Session, long Seq, int Content, string Language);
}
