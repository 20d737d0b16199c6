using MemoryOrleans.Embedded;
using MemoryOrleans.Host.Conformance;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>The embedded host over PostgreSQL keeps what every host promises.</summary>
public sealed class EmbeddedHostOnPostgresConformance : HostConformance
{
    protected override async Task<IHostUnderTest> StartAsync() => new EmbeddedHostOnPostgres(await PostgresUnderTest.OpenAsync());
}

internal sealed class EmbeddedHostOnPostgres : IHostUnderTest
{
    private static readonly StaticEmbedder Embedder = new();
    private readonly PostgresUnderTest under;
    private EmbeddedMemoryHost host;
    private int minted;

    public EmbeddedHostOnPostgres(PostgresUnderTest under) => (this.under, host) = (under, NewHost(under));

    public IMemoryHost Host => host;

    public async Task RestartAsync()
    {
        host.Dispose();
        await under.ReopenAsync();
        host = NewHost(under);
    }

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await under.DisposeAsync();
    }

    private EmbeddedMemoryHost NewHost(PostgresUnderTest over) => new(
        over.Sessions, over.Feed, over.Tenants, Embedder, TimeProvider.System, () => $"m{Interlocked.Increment(ref minted)}", new EmbeddedMemoryOptions());
}
