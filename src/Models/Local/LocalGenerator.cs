using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Neural;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;

namespace MemoryOrleans.Models.Local;

/// <summary>
/// The local model as a provider of embeddings: loads when first asked, embeds one text after another off its caller's thread: a
/// question at once, stored texts when a processor has nothing else to do.
/// </summary>
internal sealed class LocalGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly LocalModelOptions options;
    private readonly IdleThreads idle;
    private readonly Lock loading = new();
    private OnnxEncoder? encoder;
    private int users;
    private bool isDisposed;

    public LocalGenerator(LocalModelOptions options)
    {
        this.options = options;
        var use = new ProcessorUse();
        idle = new IdleThreads(
            options.ConcurrentTextsMax, own => RestPolicy.After(own, use.ShareBeside(own), options.BusyPercent));
    }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        return RequestRole.Of(options) == TextRole.Question
            ? Task.Run(() => Generate(values, this.options.QuestionPrefix, cancellationToken), cancellationToken)
            : idle.RunAsync(() => Generate(values, this.options.StoredPrefix, cancellationToken), cancellationToken);
    }

    /// <summary>Loads the model and runs it once.</summary>
    /// <exception cref="LocalModelUnavailableException">It cannot run here.</exception>
    public void WarmUp(CancellationToken cancel) => Use(static (model, cancel) => model.Embed(string.Empty, "memory", cancel), cancel);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        idle.Dispose();
        lock (loading)
        {
            isDisposed = true;
            DisposeIfUnused();
        }
    }

    private GeneratedEmbeddings<Embedding<float>> Generate(IEnumerable<string> texts, string prefix, CancellationToken cancel)
    {
        try
        {
            return Use((model, given) => new GeneratedEmbeddings<Embedding<float>>(
                texts.Select(text => new Embedding<float>(model.Embed(prefix, text, given)))), cancel);
        }
        catch (LocalModelUnavailableException failure)
        {
            throw EmbedderFailure.Of(FailureKind.Unreachable, failure.Message);
        }
        catch (OnnxRuntimeException)
        {
            throw EmbedderFailure.Of(FailureKind.Server, "The local model failed on a text.");
        }
    }

    private T Use<T>(Func<OnnxEncoder, CancellationToken, T> work, CancellationToken cancel)
    {
        OnnxEncoder model;
        lock (loading)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            model = encoder ??= new OnnxEncoder(options);
            users++;
        }

        try
        {
            return work(model, cancel);
        }
        finally
        {
            lock (loading)
            {
                users--;
                DisposeIfUnused();
            }
        }
    }

    // The native session must not go while a run is under way: the last one takes it away.
    private void DisposeIfUnused()
    {
        if (!isDisposed || users > 0)
            return;
        encoder?.Dispose();
        encoder = null;
    }
}
