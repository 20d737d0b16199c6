using MemoryOrleans.Feed;
using MemoryOrleans.Models;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Bench.Micro;

/// <summary>
/// Turns of thirty words, drawn by Zipf's law from the embedder's vocabulary, in sessions of fifty that two speakers share.
/// The same seed gives the same turns.
/// </summary>
internal sealed class MadeUpTurns(int seed)
{
    public const int WordsPerTurn = 30;
    private const int TurnsPerSession = 50;
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly Random random = new(seed);

    public static StaticEmbedder Embedder { get; } = new();

    private static string[] Vocabulary { get; } = [.. Embedder.Words];

    public string NextText(int words) => string.Join(' ', Enumerable.Range(0, words).Select(NextWord)) + ".";

    /// <summary>Changes 1..<paramref name="count"/> of one partition.</summary>
    public IEnumerable<TurnCommitted> Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var content = NextText(WordsPerTurn);
            var turn = new Turn(
                $"s{i / TurnsPerSession}", (i % TurnsPerSession) + 1, $"t{i}", "user", i % 2 == 0 ? "Ann" : "Bob", content,
                Start.AddMinutes(i), Start.AddMinutes(i), Metadata: null, TokenEstimate.Of(content));
            yield return new TurnCommitted(i + 1, turn, AgentId: null);
        }
    }

    // Rank r with a chance in proportion to 1 / r; a full stop about every tenth word.
    private string NextWord(int place) =>
        Vocabulary[(int)Math.Pow(Vocabulary.Length, random.NextDouble()) - 1] + (place % 10 == 9 ? "." : "");
}
