using MemoryOrleans.Engine;
using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Recall;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Grains;

/// <summary>
/// The memory behind the host port, in every process of every composition: what is a session's goes to the session's grain,
/// questions to the grain of their scope, citations and settings to the tenant's; what needs no single place (lists, memories,
/// the graph, due work) is done by the process's own engine over the same store.
/// </summary>
public sealed class GrainMemoryHost : IMemoryHost
{
    private readonly MemoryEngine engine;

    /// <param name="ids">Mints ids of turns; never one twice.</param>
    public GrainMemoryHost(MemoryEngine engine, IGrainFactory grains, GrainCalls calls, TenantQuotas quotas, TimeProvider clock,
        Func<string> ids)
    {
        this.engine = engine;
        Sessions = new GrainSessions(engine, grains, calls, quotas, ids);
        Recall = new GrainRecall(grains, calls);
        Entities = new GrainEntitySearch(grains, calls);
        Memories = new GrainMemories(engine.Memories, grains, calls);
        Operations = new GrainOperations(engine.Operations, grains, clock);
        Tenants = new GrainTenants(grains, calls);
    }

    public ISessionOperations Sessions { get; }

    public IRecallOperations Recall { get; }

    public IGraphOperations Graph => engine.Graph;

    public IEntitySearch Entities { get; }

    public IMemoryOperations Memories { get; }

    public IHostOperations Operations { get; }

    public ITenantOperations Tenants { get; }

    public IKeyOperations Keys => engine.Keys;

    public IEventOperations Events => engine.Events;

    public IDueOperations Due => engine.Due;

    public IUpkeepOperations Upkeep => engine.Upkeep;

    public IErasureOperations Erasures => engine.Erasures;

    public IAuditOperations Audit => engine.Audit;

    public ITransferOperations Transfers => engine.Transfers;

    public IEmbeddingOperations Embeddings => engine.Embeddings;
}
