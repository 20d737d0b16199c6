using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural;

/// <summary>
/// Holds answers against the dimensions asked for. A model is asked for its own dimensions without naming them, because many
/// servers refuse a request that names any; only when the answer has others are they named, then and from then on.
/// </summary>
internal sealed class DimensionsGenerator(IEmbeddingGenerator<string, Embedding<float>> inner)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    // One entry for each space that this process has asked vectors of: few.
    private readonly ConcurrentDictionary<(string? Model, int Dimensions), bool> named = new();

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.Dimensions is not { } dimensions)
            return await base.GenerateAsync(values, options, cancellationToken);
        var texts = values as IReadOnlyList<string> ?? [.. values];
        if (!named.ContainsKey((options.ModelId, dimensions)))
        {
            var unnamed = options.Clone();
            unnamed.Dimensions = null;
            var own = await base.GenerateAsync(texts, unnamed, cancellationToken);
            if (Has(own, dimensions))
                return own;
        }

        var answer = await base.GenerateAsync(texts, options, cancellationToken);
        if (!Has(answer, dimensions))
        {
            throw EmbedderFailure.Of(
                FailureKind.Invalid, $"The embedder answered {answer[0].Vector.Length} dimensions where {dimensions} were asked for.");
        }

        named[(options.ModelId, dimensions)] = true;
        return answer;
    }

    private static bool Has(GeneratedEmbeddings<Embedding<float>> answer, int dimensions) =>
        answer.Count == 0 || answer[0].Vector.Length == dimensions;
}
