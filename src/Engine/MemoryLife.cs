using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Facts;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Engine;

/// <summary>What makes and keeps memories in this process: distillation, consolidation, upkeep, and what callers do with them.</summary>
internal sealed class MemoryLife : IDisposable
{
    private readonly FactConsolidator consolidate;

    /// <param name="model">A distiller that asks a model and may fail; null: the extractive one alone.</param>
    public MemoryLife(
        MemoryStores stores, ISessionWriters writers, IEmbedder embedder, IDistiller? model, IFindUpdates updates, TimeProvider clock,
        Func<string> ids,
        EngineOptions options, Func<string, CancellationToken, Task> forget, Func<string, CancellationToken, Task> forgetTenant,
        IWebhookSender? sender)
    {
        var curve = new SalienceCurve(options.Salience);
        consolidate = new FactConsolidator(
            stores.Memories, new ConsolidateFacts(options.Consolidation, curve, embedder, ids, ids), clock);
        var rules = new ExtractiveDistiller(embedder);
        var distil = With(model ?? rules);
        var fallback = model is null
            ? null : new DistillationFallback(With(new FallbackDistiller(rules)),
            Math.Max(1, Math.Min(options.DistillerAttemptsMax, options.Due.AttemptsMax - 1)));
        Keep = new MemoryOperations(
            stores.Sessions, stores.Memories, stores.Erasures, distil, consolidate, curve, options.Consolidation, clock, ids);
        var eraseTenants = new EraseTenants(stores.Erasures, stores.Audit, stores.Due, clock, ids, forgetTenant);
        Erase = new ErasureOperations(
            stores.Sessions, stores.Memories, stores.Graph, stores.Erasures, stores.Audit, stores.Due, writers,
            new RedactSources(options.Consolidation, embedder), eraseTenants, clock, ids, forget);
        Retire = new RetentionRunner(stores.Memories, stores.Erasures, clock, ids);
        Jobs =
        [
            new RetentionJob(Retire, stores.Due, options.Upkeep, clock),
            new SessionCleanupJob(stores.Sessions, stores.Memories, stores.Due, options.Upkeep, clock, writers.DeleteAsync),
            new AuditRetentionJob(stores.Audit, stores.Due, options.Upkeep, clock),
            new DecaySweepJob(stores.Memories, stores.Due, curve, options.Upkeep, clock),
        ];
        Handlers =
        [
            new DistillationHandler(distil, stores.Sessions, stores.Memories, clock, options.Distillation, fallback),
            new ErasureHandler(Erase, clock, options.Due.ErasureMax),
            new TenantErasureHandler(eraseTenants, clock, options.Due.ErasureMax),
            .. Jobs,
            .. sender is null ? [] : new IDueHandler[] { new DeliveryHandler(stores.Events, stores.Memories, sender, clock,
            options.Webhooks) },
        ];

        SessionDistiller With(IDistiller distiller) =>
            new(stores.Sessions, stores.Memories, distiller, consolidate, clock, ids, options.Distilled, updates);
    }

    public MemoryOperations Keep { get; }

    public ErasureOperations Erase { get; }

    public RetentionRunner Retire { get; }

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
