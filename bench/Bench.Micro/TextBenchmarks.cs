using BenchmarkDotNet.Attributes;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Bench.Micro;

/// <summary>A turn of thirty words: tokens, terms, vector.</summary>
public class TextBenchmarks
{
    private readonly Tokenizer tokenizer = new();
    private readonly TextAnalyzer analyzer = new();
    private readonly List<ulong> terms = [];
    private readonly float[] vector = new float[MadeUpTurns.Embedder.Dimensions];
    private readonly string text = new MadeUpTurns(seed: 7).NextText(MadeUpTurns.WordsPerTurn);

    [Benchmark]
    public int Tokenize()
    {
        var letters = 0;
        foreach (var token in tokenizer.Tokenize(text))
            letters += token.Length;
        return letters;
    }

    [Benchmark]
    public int Analyze()
    {
        terms.Clear();
        analyzer.Analyze(text, terms);
        return terms.Count;
    }

    [Benchmark]
    public bool Embed() => MadeUpTurns.Embedder.TryEmbed(text, vector);
}
