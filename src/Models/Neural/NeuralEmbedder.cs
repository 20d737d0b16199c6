using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Neural.Providers;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural;

/// <summary>
/// A neural embedder behind a network. A call passes, in this order: cache of questions, truncation and batches, guard
/// (pauses, circuit, concurrency), dimensions, metrics, checks, time-out, provider. Nothing is retried here: the durable
/// work that embeds stored texts tries again later, and recall goes on without.
/// </summary>
public sealed class NeuralEmbedder : ITextEmbedder, IDisposable
{
    /// <summary>The meter of all its instruments.</summary>
    public const string MeterName = "MemoryOrleans.Models";

    private readonly NeuralEmbedderOptions options;
    private readonly GuardingGenerator guard;
    private readonly CachingGenerator generator;

    public NeuralEmbedder(NeuralEmbedderOptions options, TimeProvider time, IMeterFactory meters)
        : this(options, CreateProvider(options, time), time, meters)
    {
    }

    internal NeuralEmbedder(
        NeuralEmbedderOptions options, IEmbeddingGenerator<string, Embedding<float>> provider, TimeProvider time, IMeterFactory meters)
    {
        this.options = options;
        var meter = meters.Create(MeterName);
        var request = new MeteringGenerator(new CheckingGenerator(new TimingGenerator(provider, options.Timeout, time)), meter);
        guard = new GuardingGenerator(new DimensionsGenerator(request), options, time, meter);
        generator = new CachingGenerator(new BatchingGenerator(guard, options), options.CacheBytesMax, meter);
    }

    public string Model => options.Model;

    public int? Dimensions => options.Dimensions;

    public EmbedderState State => guard.State;

    public async ValueTask<IReadOnlyList<float[]>> EmbedAsync(
        string model, int? dimensions, IReadOnlyList<string> texts, TextRole role, CancellationToken cancel)
    {
        if (texts.Any(string.IsNullOrEmpty))
            throw new ArgumentException("A text to embed is empty.", nameof(texts));
        if (texts.Count == 0)
            return [];
        var answer = await generator.GenerateAsync(texts, RequestRole.ToOptions(model, dimensions, role), cancel);
        return [.. answer.Select(static each => ToArray(each.Vector))];
    }

    public void Forget() => generator.Forget();

    public void Dispose() => generator.Dispose();

    private static IEmbeddingGenerator<string, Embedding<float>> CreateProvider(NeuralEmbedderOptions options, TimeProvider time) =>
        options.Provider switch
        {
            EmbedderProvider.OpenAi => new OpenAiGenerator(options, time),
            EmbedderProvider.Gemini => new GeminiGenerator(options, time),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Provider, "No such provider."),
        };

    private static float[] ToArray(ReadOnlyMemory<float> vector) =>
        MemoryMarshal.TryGetArray(vector, out var segment) && segment.Array is { } array && array.Length == segment.Count
        ? array : vector.ToArray();
}
