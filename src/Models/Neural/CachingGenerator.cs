using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural;

/// <summary>
/// Answers questions asked before from memory. Stored texts pass: each is embedded once, and its vector is in the store.
/// </summary>
internal sealed class CachingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private readonly VectorCache cache;
    private readonly Counter<long> hits;
    private readonly Counter<long> misses;

    public CachingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, long bytesMax, Meter meter)
        : base(inner)
    {
        cache = new VectorCache(bytesMax);
        hits = meter.CreateCounter<long>("memory_embedder_cache_hits", description: "Questions whose vector was in memory");
        misses = meter.CreateCounter<long>("memory_embedder_cache_misses", description: "Questions whose vector was not in memory");
        meter.CreateObservableGauge("memory_embedder_cache_vectors", () => cache.Count, description: "Vectors of questions in memory");
    }

    public void Forget() => cache.Clear();

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (RequestRole.Of(options) != TextRole.Question)
            return await base.GenerateAsync(values, options, cancellationToken);
        var texts = values as IReadOnlyList<string> ?? [.. values];
        var keys = texts.Select(text => VectorCache.KeyOf(options?.ModelId, options?.Dimensions, TextRole.Question, text)).ToArray();
        var found = new Dictionary<UInt128, float[]>();
        foreach (var key in keys)
        {
            if (cache.TryGet(key, out var vector))
                found[key] = vector;
        }

        var missing = Enumerable.Range(0, keys.Length).Where(i => !found.ContainsKey(keys[i])).DistinctBy(i => keys[i]).ToArray();
        hits.Add(keys.Length - missing.Length);
        misses.Add(missing.Length);
        if (missing.Length > 0)
        {
            var made = await base.GenerateAsync([.. missing.Select(i => texts[i])], options, cancellationToken);
            for (var i = 0; i < missing.Length; i++)
            {
                found[keys[missing[i]]] = made[i].Vector.ToArray();
                cache.Add(keys[missing[i]], found[keys[missing[i]]]);
            }
        }

        // A copy, because callers may change the vector they get.
        return [.. keys.Select(key => new Embedding<float>((float[])found[key].Clone()))];
    }
}
