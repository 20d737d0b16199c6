using MemoryOrleans.Engine;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Host.Conformance;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>A cluster keeps what every host promises.</summary>
public sealed class ClusterConformance : HostConformance
{
    protected override async Task<IHostUnderTest> StartAsync() => await ClusterUnderTest.StartAsync();
}

public sealed class NeuralClusterConformance : NeuralConformance
{
    protected override async Task<IHostUnderTest> StartAsync(ITextEmbedder embedder, DueLimits due) =>
        await ClusterUnderTest.StartAsync(new EngineOptions { Due = due }, embedder);
}
