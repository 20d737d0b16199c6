using MemoryOrleans.Episodes;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Embedded;

/// <summary>What makes and keeps memories in this process: distillation, consolidation, upkeep, and what callers do with them.</summary>
internal sealed class MemoryLife : IDisposable
{
    private readonly ConsolidateOwner consolidate;

    public MemoryLife(
        MemoryStores stores, IEmbedder embedder, IDistiller distiller, TimeProvider clock, Func<string> ids, EmbeddedMemoryOptions options,
        Func<SessionKey, long, CancellationToken, Task<Outcome<Session>>> deleteSession)
    {
        var curve = new SalienceCurve(options.Salience);
        consolidate = new ConsolidateOwner(
            stores.Memories, new ConsolidateFacts(options.Consolidation, curve, embedder, ids, ids), clock);
        var distil = new DistilSession(stores.Sessions, stores.Memories, distiller, consolidate, clock, ids, options.Distilled);
        Keep = new KeepMemories(stores.Sessions, stores.Memories, stores.Erasures, distil, consolidate, curve, options.Consolidation, clock, ids);
        Retire = new RetireMemories(stores.Memories, new EraseContent(stores.Sessions, stores.Memories, stores.Erasures), clock, ids);
        Jobs =
        [
            new RetentionJob(Retire, stores.Due, options.Upkeep, clock),
            new SessionCleanupJob(stores.Sessions, stores.Memories, stores.Due, options.Upkeep, clock, deleteSession),
            new DecaySweepJob(stores.Memories, stores.Due, curve, options.Upkeep, clock),
        ];
        Handlers = [new DistilDueSessions(distil, stores.Sessions, stores.Memories, clock, options.Distillation), .. Jobs];
    }

    public KeepMemories Keep { get; }

    public RetireMemories Retire { get; }

    /// <summary>What comes again for each tenant.</summary>
    public IReadOnlyList<RecurringJob> Jobs { get; }

    /// <summary>All of it that is due work, the jobs among it.</summary>
    public IReadOnlyList<IDueHandler> Handlers { get; }

    public void Dispose()
    {
        Keep.Dispose();
        consolidate.Dispose();
    }
}
