using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Neural;

namespace MemoryOrleans.Models.Local;

/// <summary>
/// An embedder in this process. Calls pass what those to a model server pass (<see cref="NeuralEmbedder"/>): the cache of
/// questions, batches, the circuit, time-outs, checks, metrics; so health and operators see it like any other.
/// </summary>
public sealed class LocalEmbedder : ITextEmbedder, IDisposable
{
    // Short batches: a circuit or a caller's patience ends between them, and a processor is given back.
    private const int BatchTextsMax = 4;

    private readonly LocalGenerator generator;
    private readonly NeuralEmbedder embedder;

    /// <summary>Loads nothing yet; <see cref="WarmUpAsync"/>, or the first text, does.</summary>
    /// <exception cref="LocalModelUnavailableException">The native library or a file is missing here.</exception>
    public LocalEmbedder(LocalModelOptions options, TimeProvider time, IMeterFactory meters)
    {
        NativeRuntime.Check();
        foreach (var path in new[] { options.ModelPath, options.VocabularyPath })
        {
            if (!File.Exists(path))
                throw new LocalModelUnavailableException(LocalModelLack.File, $"The local model is not there: {path}.");
        }

        // While one batch is read or saved, another has its thread.
        StoredAtOnce = options.ConcurrentTextsMax + 1;
        generator = new LocalGenerator(options);
        embedder = new NeuralEmbedder(ToNeural(options), generator, time, meters);
    }

    public string Model => embedder.Model;

    public int? Dimensions => embedder.Dimensions;

    public bool RanksInIndex => true;

    public int StoredAtOnce { get; }

    public EmbedderState State => embedder.State;

    /// <summary>Loads the model and runs it once, off the caller's thread: some tenths of a second, once.</summary>
    /// <exception cref="LocalModelUnavailableException">The file is no model of the form wanted.</exception>
    public Task WarmUpAsync(CancellationToken cancel) => Task.Run(() => generator.WarmUp(cancel), cancel);

    /// <summary>Loads a model and lets it go again.</summary>
    /// <exception cref="LocalModelUnavailableException">It cannot run here, or is no model of the form wanted.</exception>
    public static void Check(LocalModelOptions options)
    {
        using var tried = new LocalGenerator(options);
        tried.WarmUp(CancellationToken.None);
    }

    // Before the guard: whoever asks for another model does not make this one look as if it failed, nor choose what health says of it.
    public ValueTask<IReadOnlyList<float[]>> EmbedAsync(
        string model, int? dimensions, IReadOnlyList<string> texts, TextRole role, CancellationToken cancel) =>
        model == Model
            ? embedder.EmbedAsync(model, dimensions, texts, role, cancel)
            : throw EmbedderFailure.Of(FailureKind.Refused, $"The local model is {Model}, not {model}.");

    public void Forget() => embedder.Forget();

    public void Dispose()
    {
        embedder.Dispose();
        generator.Dispose();
    }

    // Of the requests at a time, the guard keeps one for questions.
    private static NeuralEmbedderOptions ToNeural(LocalModelOptions options) => new()
    {
        Provider = EmbedderProvider.Local,
        Model = options.Name,
        Dimensions = options.Dimensions,
        Timeout = options.Timeout,
        BatchTextsMax = BatchTextsMax,
        ConcurrentRequestsMax = options.ConcurrentTextsMax + 1,
        CacheBytesMax = options.CacheBytesMax,
        CircuitWindow = options.Timeout + TimeSpan.FromSeconds(30),
    };
}
