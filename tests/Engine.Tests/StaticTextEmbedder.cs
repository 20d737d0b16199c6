using MemoryOrleans.Embeddings;
using MemoryOrleans.Models;

namespace MemoryOrleans.Engine.Tests;

/// <summary>The static vectors, served as if a neural model had made them.</summary>
internal sealed class StaticTextEmbedder(StaticEmbedder embedder) : ITextEmbedder
{
    public string Model => "static";

    public int? Dimensions => null;

    public EmbedderState State => EmbedderState.Unknown;

    public ValueTask<IReadOnlyList<float[]>> EmbedAsync(
        string model, int? dimensions, IReadOnlyList<string> texts, TextRole role, CancellationToken cancel) =>
        new([.. texts.Select(VectorOf)]);

    // A text without a word it knows points somewhere all the same, as with a neural model.
    private float[] VectorOf(string text)
    {
        var vector = new float[embedder.Dimensions];
        if (!embedder.TryEmbed(text, vector))
            vector[0] = 1;
        return vector;
    }
}
