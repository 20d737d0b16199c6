using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>An embedder that knows no word.</summary>
public sealed class Wordless : IEmbedder
{
    public static readonly Wordless Embedder = new();

    public string ModelId => "wordless";

    public int Dimensions => 4;

    public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector) => false;
}
