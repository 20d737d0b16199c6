using MemoryOrleans.Host.Conformance;

namespace MemoryOrleans.Embedded.Tests;

public sealed class EmbeddedHostConformance : HostConformance
{
    protected override async Task<IHostUnderTest> StartAsync() => await EmbeddedHostOnSqlite.StartAsync();
}
