using MemoryOrleans.Embeddings;
using MemoryOrleans.Host.Conformance;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Engine.Tests;

public sealed class EngineConformance : HostConformance
{
    protected override async Task<IHostUnderTest> StartAsync() => await EngineOnSqlite.StartAsync();
}

public sealed class NeuralHostConformance : NeuralConformance
{
    protected override async Task<IHostUnderTest> StartAsync(ITextEmbedder embedder, DueLimits due) =>
        await EngineOnSqlite.StartAsync(new EngineOptions { Due = due }, textEmbedder: embedder);
}
