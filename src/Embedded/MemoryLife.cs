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

    /// <param name="model">A distiller that asks a model and may fail; null: the extractive one alone.</param>
    public MemoryLife(
        MemoryStores stores, IEmbedder embedder, IDistiller? model, TimeProvider clock, Func<string> ids, EmbeddedMemoryOptions options)
    {
        var curve = new SalienceCurve(options.Salience);
        consolidate = new ConsolidateOwner(
            stores.Memories, new ConsolidateFacts(options.Consolidation, curve, embedder, ids, ids), clock);
        var rules = new ExtractiveDistiller(embedder);
        var distil = With(model ?? rules);
        var fallback = model is null ? null : new DistillationFallback(With(new FallbackDistiller(rules)), Math.Max(1, Math.Min(options.DistillerAttemptsMax, options.Due.AttemptsMax - 1)));
        Keep = new KeepMemories(stores.Sessions, stores.Memories, stores.Erasures, distil, consolidate, curve, options.Consolidation, clock, ids);
        Handlers = [new DistilDueSessions(distil, stores.Sessions, stores.Memories, clock, options.Distillation, fallback)];

        DistilSession With(IDistiller distiller) =>
            new(stores.Sessions, stores.Memories, distiller, consolidate, clock, ids, options.Distilled);
    }

    public KeepMemories Keep { get; }

    public IReadOnlyList<IDueHandler> Handlers { get; }

    public void Dispose()
    {
        Keep.Dispose();
        consolidate.Dispose();
    }
}
