using MemoryOrleans.Erasures;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Grains;

/// <summary>
/// The memory of a whole cluster behind the host port: session writes go to the session's grain, questions to the grain of
/// their scope, citations to the tenant's; what needs no single place (reads, memories, the graph, due work) is done by the
/// process's own host over the same store.
/// </summary>
/// <param name="local">Over the cluster's store; its session actors and recall are not used.</param>
/// <param name="turnIds">Mints ids of turns; never one twice.</param>
public sealed class ClusterMemoryHost(IMemoryHost local, IGrainFactory grains, ClusterCalls calls, TenantQuotas quotas, TimeProvider clock, Func<string> turnIds) : IMemoryHost
{
    public ISessionOperations Sessions { get; } = new ClusterSessions(local.Sessions, grains, calls, quotas, turnIds);

    public IRecallOperations Recall { get; } = new ClusterRecall(local.Sessions, grains, calls);

    public IGraphOperations Graph { get; } = new ClusterGraph(local.Graph, grains, calls);

    public IMemoryOperations Memories { get; } = new ClusterMemories(local.Memories, grains, calls);

    public IHostOperations Operations { get; } = new ClusterOperations(local.Operations, grains, clock);

    public IDueOperations Due => local.Due;

    public IUpkeepOperations Upkeep => local.Upkeep;

    public IErasureOperations Erasures => local.Erasures;

    public ITransferOperations Transfers => local.Transfers;

    public IEmbeddingOperations Embeddings => local.Embeddings;
}
