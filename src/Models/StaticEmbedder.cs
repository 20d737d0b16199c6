using System.Buffers.Binary;
using System.Reflection;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Models;

/// <summary>
/// The embedded default: a weighted mean of static word vectors (Arora, Liang and Ma, "A Simple but Tough-to-Beat
/// Baseline for Sentence Embeddings", 2017): weight a / (a + p(word)) with a = 0.001, L2-normalised, less its projection
/// on one fixed first principal component, normalised again. English; microseconds a sentence; no model server.
/// </summary>
public sealed class StaticEmbedder : IEmbedder
{
    private const string ComponentResource = "component.f32";
    private const double A = 0.001;

    // Zipf–Mandelbrot: p ∝ 1 / (rank + 1 + 2.7) over the 400,000 words of the full list.
    private const double RankOffset = 2.7;
    private const int FullListWords = 400_000;

    // A tokenizer holds scratch for one thread.
    [ThreadStatic]
    private static Tokenizer? tokenizer;

    private readonly WordVectors vectors = WordVectors.Load();
    private readonly float[] component;
    private readonly double normalizer;

    public StaticEmbedder()
    {
        component = LoadComponent(vectors.Dimensions);
        for (var rank = 0; rank < FullListWords; rank++)
            normalizer += 1 / (rank + 1 + RankOffset);
    }

    public string ModelId => "static-glove-30k-100d-v1";

    public int Dimensions => vectors.Dimensions;

    /// <summary>The words the model knows, most frequent first.</summary>
    public IEnumerable<string> Words => vectors.Words;

    public int RankOf(string word) => vectors.Find(word) is var row and >= 0 ? vectors.RankOf(row) : -1;

    public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector)
    {
        vector.Clear();
        var known = false;
        foreach (var token in (tokenizer ??= new Tokenizer()).Tokenize(text))
        {
            var row = vectors.Find(token);
            if (row < 0)
                continue;
            known = true;
            vectors.AddTo(vector, row, WeightOf(row));
        }

        if (!known || !Normalize(vector))
            return false;
        var projection = 0.0;
        for (var i = 0; i < vector.Length; i++)
            projection += vector[i] * (double)component[i];
        for (var i = 0; i < vector.Length; i++)
            vector[i] -= (float)(projection * component[i]);
        return Normalize(vector);
    }

    private float WeightOf(int row)
    {
        var probability = 1 / (vectors.RankOf(row) + 1 + RankOffset) / normalizer;
        return (float)(A / (A + probability));
    }

    // In doubles and in order, so that every machine gives the same vector.
    private static bool Normalize(Span<float> vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
            squares += value * (double)value;
        if (squares < 1e-12)
        {
            vector.Clear();
            return false;
        }

        var factor = 1 / Math.Sqrt(squares);
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] * factor);
        return true;
    }

    private static float[] LoadComponent(int dimensions)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(ComponentResource)
            ?? throw new InvalidDataException($"{ComponentResource} is not in the assembly.");
        var bytes = new byte[dimensions * sizeof(float)];
        stream.ReadExactly(bytes);
        var loaded = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
            loaded[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return loaded;
    }
}
