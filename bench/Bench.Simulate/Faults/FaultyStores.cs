using MemoryOrleans.Engine;

namespace MemoryOrleans.Bench.Simulate.Faults;

internal static class FaultyStores
{
    /// <summary>The same stores, every port of them with faults.</summary>
    public static MemoryStores Around(MemoryStores stores, FaultPlan faults) => new(
        FaultyPort<Sessions.ISessionStore>.Around(stores.Sessions, faults),
        FaultyPort<Feed.IRecallFeed>.Around(stores.Feed, faults),
        FaultyPort<Tenancy.ITenantStore>.Around(stores.Tenants, faults),
        FaultyPort<Scheduling.IDueStore>.Around(stores.Due, faults),
        FaultyPort<Recall.Vectors.IVectorStore>.Around(stores.Vectors, faults),
        FaultyPort<Graph.IGraphStore>.Around(stores.Graph, faults),
        FaultyPort<Memories.IMemoryStore>.Around(stores.Memories, faults),
        FaultyPort<Erasures.IErasureStore>.Around(stores.Erasures, faults),
        FaultyPort<Tenancy.IAuditStore>.Around(stores.Audit, faults),
        FaultyPort<Transfer.ITransferStore>.Around(stores.Transfers, faults),
        FaultyPort<Events.IEventStore>.Around(stores.Events, faults));
}
