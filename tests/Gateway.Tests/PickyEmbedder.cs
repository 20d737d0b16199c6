using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>A neural embedder that refuses some texts, and models that begin with "no".</summary>
internal sealed class PickyEmbedder : ITextEmbedder
{
    public string Model => "first";

    public int? Dimensions => null;

    public EmbedderState State => EmbedderState.Unknown;

    /// <summary>Texts with this are refused; null: none.</summary>
    public string? Refused { get; set; }

    public bool IsAway { get; set; }

    public ValueTask<IReadOnlyList<float[]>> EmbedAsync(
        string model, int? dimensions, IReadOnlyList<string> texts, TextRole role, CancellationToken cancel)
    {
        if (IsAway)
            throw new EmbedderException("The embedder cannot be reached.", isPassing: true, TimeSpan.FromSeconds(7));
        if (model.StartsWith("no", StringComparison.Ordinal)
            || (Refused is not null && texts.Any(text => text.Contains(Refused, StringComparison.Ordinal))))
            throw new EmbedderException("The embedder answered 400.", isPassing: false);
        return new ValueTask<IReadOnlyList<float[]>>([.. texts.Select(text => VectorOf(text, dimensions ?? 8))]);
    }

    private static float[] VectorOf(string text, int dimensions)
    {
        var vector = new float[dimensions];
        vector[text.Length % dimensions] = 1;
        return vector;
    }
}
