using MemoryOrleans.Engine;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Host.Conformance;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>The engine over PostgreSQL keeps what every host promises.</summary>
public sealed class EngineOnPostgresConformance : HostConformance
{
    protected override async Task<IHostUnderTest> StartAsync() =>
        new EngineOnPostgres(await PostgresUnderTest.OpenAsync(), null, new EngineOptions());
}

public sealed class NeuralHostOnPostgresConformance : NeuralConformance
{
    protected override async Task<IHostUnderTest> StartAsync(ITextEmbedder embedder, DueLimits due) =>
        new EngineOnPostgres(await PostgresUnderTest.OpenAsync(), embedder, new EngineOptions { Due = due });
}

internal sealed class EngineOnPostgres : IHostUnderTest
{
    private static readonly StaticEmbedder Embedder = new();
    private readonly PostgresUnderTest under;
    private readonly ITextEmbedder? textEmbedder;
    private readonly EngineOptions options;
    private InProcessHost host;
    private CancellationTokenSource stop = new();
    private Task schedule;
    private int minted;

    public EngineOnPostgres(PostgresUnderTest under, ITextEmbedder? textEmbedder, EngineOptions options)
    {
        (this.under, this.textEmbedder, this.options) = (under, textEmbedder, options);
        host = NewHost(under);
        schedule = host.Schedule.RunAsync(stop.Token);
    }

    public IMemoryHost Host => host;

    public async Task RestartAsync()
    {
        await StopAsync();
        await under.ReopenAsync();
        host = NewHost(under);
        stop = new CancellationTokenSource();
        schedule = host.Schedule.RunAsync(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await under.DisposeAsync();
    }

    private async Task StopAsync()
    {
        await stop.CancelAsync();
        await schedule;
        stop.Dispose();
        host.Dispose();
    }

    private InProcessHost NewHost(PostgresUnderTest over) => new(
        new MemoryStores(over.Sessions, over.Feed, over.Tenants, over.Due, over.Vectors, over.Graph, over.Memories, over.Erasures,
        over.Audit, over.Transfers, over.Events), new EngineModels(Embedder, textEmbedder), TimeProvider.System,
        () => $"m{Interlocked.Increment(ref minted)}", options);
}
