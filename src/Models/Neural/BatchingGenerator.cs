using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural;

/// <summary>Cuts over-long texts short and splits what is asked into requests, one after another; the first failure ends all.</summary>
internal sealed class BatchingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, NeuralEmbedderOptions limits)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.Select(text => BatchPolicy.Truncate(text, limits.TextCharactersMax)).ToArray();
        var all = new GeneratedEmbeddings<Embedding<float>>(texts.Length);
        foreach (var range in BatchPolicy.Split(texts, limits.BatchTextsMax, limits.BatchCharactersMax))
            all.AddRange(await base.GenerateAsync(texts[range], options, cancellationToken));
        if (all.Any(each => each.Vector.Length != all[0].Vector.Length))
            throw EmbedderFailure.Of(FailureKind.Invalid, "The embedder answered vectors of several dimensions.");
        return all;
    }
}
