using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>A text's vector, or why it has none.</summary>
internal readonly record struct EmbeddedText(float[]? Vector, EmbedderException? Failure);

/// <summary>
/// Embeds many texts in few calls. A call refused for good is halved again and again until the text to blame stands alone,
/// so that it costs its neighbours nothing. One use a batch.
/// </summary>
internal sealed class EmbedTexts(ITextEmbedder embedder, VectorSpace space)
{
    public const int TextsPerCall = 256;

    // When so many texts were refused one by one and none was accepted, the fault is not in the texts.
    private const int RefusedMax = 4;

    private int refused;
    private int taken;
    private EmbedderException? stop;

    /// <summary>Results in the order of the texts.</summary>
    public async Task<EmbeddedText[]> RunAsync(IReadOnlyList<string> texts, CancellationToken cancel)
    {
        var results = new EmbeddedText[texts.Count];
        for (var from = 0; from < texts.Count; from += TextsPerCall)
            await FillAsync(texts, from, Math.Min(TextsPerCall, texts.Count - from), results, cancel);
        return results;
    }

    private async Task FillAsync(IReadOnlyList<string> texts, int from, int count, EmbeddedText[] results, CancellationToken cancel)
    {
        if (stop is null && await TryAsync(texts, from, count, results, cancel) is { } failure)
        {
            if (failure.IsPassing)
            {
                stop = failure;
            }
            else if (count > 1)
            {
                await FillAsync(texts, from, count / 2, results, cancel);
                await FillAsync(texts, from + (count / 2), count - (count / 2), results, cancel);
                return;
            }
            else
            {
                results[from] = new EmbeddedText(null, failure);
                stop = ++refused >= RefusedMax && taken == 0 ? failure : null;
                return;
            }
        }

        if (stop is not null)
            Array.Fill(results, new EmbeddedText(null, stop), from, count);
    }

    private async Task<EmbedderException?> TryAsync(
        IReadOnlyList<string> texts, int from, int count, EmbeddedText[] results, CancellationToken cancel)
    {
        try
        {
            var slice = from == 0 && count == texts.Count ? texts : [.. texts.Skip(from).Take(count)];
            var vectors = await embedder.EmbedAsync(space.Model, space.Dimensions, slice, TextRole.Stored, cancel);
            for (var i = 0; i < count; i++)
                results[from + i] = new EmbeddedText(vectors[i], null);
            taken += count;
            return null;
        }
        catch (EmbedderException failure)
        {
            return failure;
        }
    }
}
