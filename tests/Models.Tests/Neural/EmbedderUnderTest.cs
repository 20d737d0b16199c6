using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Neural;
using MemoryOrleans.Scripted;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Models.Tests.Neural;

/// <summary>A neural embedder over the wire to a scripted server, on a clock of its own.</summary>
internal sealed class EmbedderUnderTest : IAsyncDisposable
{
    public const string Key = "sk-secret-key-0123456789";
    public const string Model = "scripted-1";

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<string, long> counts = new();

    private EmbedderUnderTest(ScriptedEmbedder server, Func<NeuralEmbedderOptions, NeuralEmbedderOptions> change, EmbedderProvider provider)
    {
        Server = server;
        var meters = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == NeuralEmbedder.MeterName && instrument.Meter.Scope == meters)
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(Count);
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => counts[NameOf(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
            counts.AddOrUpdate(NameOf(instrument, tags), 1, static (_, old) => old + 1));
        listener.Start();
        Options = change(new NeuralEmbedderOptions
        {
            Provider = provider, Model = Model, ApiKey = Key, BaseUrl = provider == EmbedderProvider.Gemini
                ? server.GeminiUrl : server.OpenAiUrl,
        });
        Embedder = new NeuralEmbedder(Options, Time, meters);
    }

    public ScriptedEmbedder Server { get; }

    public FakeTime Time { get; } = new();

    public NeuralEmbedderOptions Options { get; }

    public NeuralEmbedder Embedder { get; }

    public static async Task<EmbedderUnderTest> StartAsync(
        Func<NeuralEmbedderOptions, NeuralEmbedderOptions>? change = null, EmbedderProvider provider = EmbedderProvider.OpenAi) =>
        new(await ScriptedEmbedder.StartAsync(), change ?? (static options => options), provider);

    /// <summary>A counter's sum, a histogram's count or a gauge's value; tags as <c>name{tag=value}</c>.</summary>
    public long Measure(string name)
    {
        listener.RecordObservableInstruments();
        return counts.GetValueOrDefault(name);
    }

    public async Task<IReadOnlyList<float[]>> EmbedAsync(params string[] texts) =>
        await Embedder.EmbedAsync(Model, Options.Dimensions, texts, TextRole.Stored, CancellationToken.None);

    public async Task<float[]> AskAsync(string question, CancellationToken cancel = default) =>
        (await Embedder.EmbedAsync(Model, Options.Dimensions, [question], TextRole.Question, cancel))[0];

    /// <summary>What embedding some texts fails with; fails itself when it does not.</summary>
    public Task<EmbedderException> FailAsync(params string[] texts) => Assert.ThrowsAsync<EmbedderException>(() => EmbedAsync(texts));

    public async ValueTask DisposeAsync()
    {
        Embedder.Dispose();
        listener.Dispose();
        await services.DisposeAsync();
        await Server.DisposeAsync();
    }

    // What is observed is the whole each time.
    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        counts.AddOrUpdate(NameOf(instrument, tags), value, (_, old) => instrument.IsObservable ? value : old + value);

    private static string NameOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        tags.Length == 0 ? instrument.Name : $"{instrument.Name}{{{tags[0].Key}={tags[0].Value}}}";
}
