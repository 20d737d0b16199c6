using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Engine;

/// <summary>All that a host needs of a store.</summary>
public sealed record MemoryStores(
    ISessionStore Sessions, IRecallFeed Feed, ITenantStore Tenants, IDueStore Due, IVectorStore Vectors, IGraphStore Graph,
    IMemoryStore Memories,
    IErasureStore Erasures, IAuditStore Audit, ITransferStore Transfers, IEventStore Events)
{
    public static MemoryStores Of<TStore>(TStore store)
        where TStore : ISessionStore, IRecallFeed, ITenantStore, IDueStore, IVectorStore, IGraphStore, IMemoryStore, IErasureStore,
            IAuditStore,
            ITransferStore, IEventStore =>
        new(store, store, store, store, store, store, store, store, store, store, store);
}
