using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural;

/// <summary>
/// Lets through one unit vector a text, all of equal dimensions; anything else is a failure that trying again does not mend.
/// </summary>
internal sealed class CheckingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values as IReadOnlyList<string> ?? [.. values];
        var answer = await base.GenerateAsync(texts, options, cancellationToken);
        if (answer.Count != texts.Count)
            throw Invalid($"The embedder answered {answer.Count} vectors to {texts.Count} texts.");
        for (var i = 0; i < answer.Count; i++)
        {
            if (answer[i].Vector.Length == 0)
                throw Invalid("The embedder answered a vector without dimensions.");
            if (answer[i].Vector.Length != answer[0].Vector.Length)
                throw Invalid("The embedder answered vectors of several dimensions.");
            Normalize(ToArray(answer[i].Vector), answer[i]);
        }

        return answer;
    }

    // In doubles, so that components near the largest float do not overflow.
    private static void Normalize(float[] vector, Embedding<float> embedding)
    {
        var squares = 0.0;
        foreach (var value in vector)
            squares += value * (double)value;
        if (!double.IsFinite(squares))
            throw Invalid("The embedder answered a vector that is not finite.");
        if (squares < 1e-24)
            throw Invalid("The embedder answered a vector of zeros.");
        var factor = 1 / Math.Sqrt(squares);
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] * factor);
        embedding.Vector = vector;
    }

    private static float[] ToArray(ReadOnlyMemory<float> vector) =>
        MemoryMarshal.TryGetArray(vector, out var segment) && segment.Array is { } array && segment.Offset == 0
        && array.Length == segment.Count
            ? array
            : vector.ToArray();

    private static Exception Invalid(string message) => EmbedderFailure.Of(FailureKind.Invalid, message);
}
