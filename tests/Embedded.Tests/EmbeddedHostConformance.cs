using MemoryOrleans.Embeddings;
using MemoryOrleans.Host.Conformance;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Embedded.Tests;

public sealed class EmbeddedHostConformance : HostConformance
{
    protected override async Task<IHostUnderTest> StartAsync() => await EmbeddedHostOnSqlite.StartAsync();
}

public sealed class NeuralHostConformance : NeuralConformance
{
    protected override async Task<IHostUnderTest> StartAsync(ITextEmbedder embedder, DueLimits due) =>
        await EmbeddedHostOnSqlite.StartAsync(new EmbeddedMemoryOptions { Due = due }, textEmbedder: embedder);
}
