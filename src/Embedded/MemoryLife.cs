using MemoryOrleans.Episodes;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Embedded;

/// <summary>What makes and keeps memories in this process: distillation, consolidation, and what callers do with them.</summary>
internal sealed class MemoryLife : IDisposable
{
    private readonly ConsolidateOwner consolidate;

    public MemoryLife(
        MemoryStores stores, IEmbedder embedder, IDistiller distiller, TimeProvider clock, Func<string> ids, EmbeddedMemoryOptions options)
    {
        var curve = new SalienceCurve(options.Salience);
        consolidate = new ConsolidateOwner(
            stores.Memories, new ConsolidateFacts(options.Consolidation, curve, embedder, ids, ids), clock);
        var distil = new DistilSession(stores.Sessions, stores.Memories, distiller, consolidate, clock, ids, options.Distilled);
        Keep = new KeepMemories(stores.Sessions, stores.Memories, stores.Erasures, distil, consolidate, curve, options.Consolidation, clock, ids);
        Handlers = [new DistilDueSessions(distil, stores.Sessions, stores.Memories, clock, options.Distillation)];
    }

    public KeepMemories Keep { get; }

    public IReadOnlyList<IDueHandler> Handlers { get; }

    public void Dispose()
    {
        Keep.Dispose();
        consolidate.Dispose();
    }
}
