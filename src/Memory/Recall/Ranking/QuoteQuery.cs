using MemoryOrleans.Recall.Index;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>A question's words in their order, as quotations are looked for.</summary>
/// <param name="Words"><see cref="WordCode"/>s, stop words included; the first <see cref="WordsMax"/>.</param>
/// <param name="Terms">Of each word the term it counts as; 0 for a stop word.</param>
internal sealed record QuoteQuery(ushort[] Words, ulong[] Terms)
{
    /// <summary>Of a longer question the first words only.</summary>
    public const int WordsMax = 64;

    /// <summary>Places where a phrase of the question may begin.</summary>
    public int Phrases => Math.Max(0, Words.Length - PhraseIndex.PhraseWordsMin + 1);

    public static QuoteQuery Of(string question)
    {
        var said = new Said();
        new TextAnalyzer().Analyze(question, [], said);
        return new QuoteQuery([.. said.Codes.Take(WordsMax)], [.. said.Hashes.Take(WordsMax)]);
    }

    private sealed class Said : ISaidWords
    {
        public List<ushort> Codes { get; } = [];

        public List<ulong> Hashes { get; } = [];

        public void AddStopWord(ReadOnlySpan<char> word) => Add(WordCode.OfStopWord(word), 0);

        public void AddTerm(ulong hash) => Add(WordCode.OfTerm(hash), hash);

        private void Add(ushort code, ulong hash)
        {
            Codes.Add(code);
            Hashes.Add(hash);
        }
    }
}
