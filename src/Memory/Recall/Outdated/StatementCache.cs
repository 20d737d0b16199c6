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

    private readonly ConcurrentDictionary<Key, IReadOnlyDictionary<string, int>> counted = new();

    public ReadStatements Reader => read;

    /// <summary>The language that most of the turns' words are of.</summary>
    public string LanguageOf(string tenant, IEnumerable<Turn> turns) => ReadStatements.JudgeLanguage(turns.Select(turn => CountOf(tenant, turn))).Language;

    /// <param name="language">The language that its speaker mostly writes.</param>
    public IReadOnlyList<Statement> Of(string tenant, Turn turn, string language)
    {
        var key = KeyOf(tenant, turn, language);
        if (kept.TryGetValue(key, out var known))
            return known;
        if (kept.Count >= TurnsMax)
            kept.Clear();
        return kept[key] = read.Of(turn.Content, new Dictionary<string, int>(StringComparer.Ordinal) { [language] = 4 });
    }

    public void Clear()
    {
        kept.Clear();
        counted.Clear();
    }

    private IReadOnlyDictionary<string, int> CountOf(string tenant, Turn turn)
    {
        var key = KeyOf(tenant, turn, language: string.Empty);
        if (counted.TryGetValue(key, out var known))
            return known;
        if (counted.Count >= TurnsMax)
            counted.Clear();
        return counted[key] = ReadStatements.CountAtStart(turn.Content);
    }

    private static Key KeyOf(string tenant, Turn turn, string language) =>
        new(tenant, turn.SessionId, turn.Seq, string.GetHashCode(turn.Content, StringComparison.Ordinal), language);

    private readonly record struct Key(string Tenant, string Session, long Seq, int Content, string Language);
}
