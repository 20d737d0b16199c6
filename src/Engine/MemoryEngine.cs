using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Transfer;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Erasures;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using MemoryOrleans.Episodes;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Outdated;
using MemoryOrleans.Recall.Tiers;
using MemoryOrleans.Retention;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Engine;

/// <summary>
/// What a process's session actors and recall stand on: indexes, memories, the graph and due work over one store. It knows
/// neither who holds the sessions' actors, whom it asks through <see cref="ISessionWriters"/>, nor HTTP. One for the life of
/// the process; it does not own the store.
/// </summary>
public sealed class MemoryEngine : IDisposable
{
    private readonly Meter meter = new(EngineMeters.Name);
    private readonly MemoryStores stores;
    private readonly TimeProvider clock;
    private readonly Func<string> ids;
    private readonly EngineOptions options;
    private readonly MemoryRecall recall;
    private readonly RecallMeters recallMeters;
    private readonly EntitySearch entitySearch;
    private readonly MemoryLife life;
    private readonly RollingSummary past;
    private readonly FindUpdates updates;
    private readonly TenantRedaction redaction;
    private readonly ErasedTenants erased = new();

    /// <param name="models">What turns texts into vectors and turns into episodes.</param>
    /// <param name="writers">The single writers of sessions, as erasures and clean-up need them.</param>
    /// <param name="forgetting">Told when an erasure wants what is kept of a tenant in memory gone, in every process.</param>
    /// <param name="ids">Mints ids: of turns that come without one, of memories, of operations, of parts of the graph; never one
    /// twice.</param>
    /// <param name="sender">Calls webhooks; null: that is left to other processes.</param>
    public MemoryEngine(
        MemoryStores stores, EngineModels models, ISessionWriters writers, IForgetting forgetting, TimeProvider clock, Func<string> ids,
        EngineOptions options,
        IWebhookSender? sender = null)
    {
        (this.stores, this.clock, this.ids, this.options) = (stores, clock, ids, options);
        redaction = new TenantRedaction(stores.Tenants, options.Redact, clock, meter);
        var embedder = new MeteredEmbedder(models.Words, meter);
        past = new RollingSummary(stores.Sessions, stores.Memories, embedder);
        Reads = new SessionReader(stores.Sessions, options.Window, past);
        var book = new SpaceBook(stores.Vectors, stores.Due, clock);
        var encoder = models.Texts is { RanksInIndex: true } inIndex ? inIndex.Model : null;
        var encoded = encoder is null ? null : new VectorFeed(stores.Vectors, book, encoder);
        Index = new RecallIndex(stores.Feed, embedder, clock, options.Index, encoded);
        var statements = new StatementCache(embedder);
        updates = new FindUpdates(Index, stores.Sessions, embedder, statements);
        async Task ForgetTenantEverywhereAsync(string tenant, CancellationToken cancel)
        {
            await forgetting.ForgetTenantAsync(tenant, cancel);
            // This process may be no silo.
            ForgetTenant(tenant);
        }

        life = new MemoryLife(stores, writers, embedder, models.Distiller, new MeteredUpdates(updates, meter), clock, ids, options,
            forgetting.ForgetAsync, ForgetTenantEverywhereAsync, sender);
        Schedule = new MemorySchedule(
            stores, models.Texts, book,
            new SavedVectors(Index.NoteVectors, tenant => MemoryIndex!.NoteVectors(tenant), tenant => GraphIndex!.NoteVectors(tenant)),
            clock, options, life);
        var exact = options.Index with { HiddenShareMax = EntitySearch.HiddenShareMax };
        var entityVectors = encoder is null ? null : new EntityVectors(stores.Vectors, book, encoder);
        GraphIndex = new RecallIndex(stores.Graph.Documents, embedder, clock, exact, entityVectors);
        entitySearch = new EntitySearch(GraphIndex, stores.Graph, embedder, clock, options.RecallConcurrency, Schedule.Neural);
        Graph = new RedactingGraph(new KnowledgeGraph(stores.Graph, stores.Sessions, clock, ids), redaction);
        Memories = new RedactingMemories(life.Keep, redaction);
        var memoryVectors = encoder is null ? null : new MemoryVectors(stores.Vectors, book, encoder);
        MemoryIndex = new RecallIndex(stores.Memories.MemoryFeed, embedder, clock, exact, memoryVectors);
        var curve = new SalienceCurve(options.Salience);
        var memories = new MemoryArm(MemoryIndex, stores.Memories, curve, options.Tiers);
        recallMeters = new RecallMeters(meter, curve);
        recall = new MemoryRecall(
            Index, stores.Sessions, embedder, clock, options.Window, options.RecallConcurrency, Schedule.Neural, memories, past,
            stores.Memories,
            options.RelevanceMin, statements) { Observe = recallMeters.Asked };
        Audit = new AuditOperations(stores.Audit);
        Keys = new KeyOperations(stores.Tenants, clock, RandomNumberGenerator.GetBytes);
        Events = new EventOperations(stores.Events, clock, RandomNumberGenerator.GetBytes, options.Webhooks, Schedule.Wake);
        Transfers = new DirectTransfers(stores, clock, redaction, Schedule.Wake);
        Operations = new EngineOperations(stores.Tenants,
            new CheckHealth(stores.Tenants, stores.Due, Index, embedder, Schedule, clock, options.Due.OverdueMax));
        EngineMeters.Register(meter, this);
    }

    /// <summary>Reads of sessions, straight from the store.</summary>
    public SessionReader Reads { get; }

    /// <summary>Recall over this process's indexes.</summary>
    public async Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel)
    {
        var outcome = await recall.RecallAsync(query, cancel);
        if (outcome.IsSuccess)
            recallMeters.Answered(outcome.Value);
        return outcome;
    }

    public IGraphOperations Graph { get; }

    /// <summary>Search for entities over this process's index.</summary>
    public IEntitySearch Entities => entitySearch;

    public IMemoryOperations Memories { get; }

    public IErasureOperations Erasures => life.Erase;

    public IAuditOperations Audit { get; }

    public IKeyOperations Keys { get; }

    public IEventOperations Events { get; }

    /// <summary>Health of this process's parts, and counts.</summary>
    public IHostOperations Operations { get; }

    public IDueOperations Due => Schedule.Due;

    public IUpkeepOperations Upkeep => Schedule.Upkeep;

    public IEmbeddingOperations Embeddings => Schedule.Spaces;

    public ITransferOperations Transfers { get; }

    /// <summary>The due work of this process; whoever owns the engine runs it.</summary>
    public MemorySchedule Schedule { get; }

    /// <summary>The recall index, for metrics and sweeps.</summary>
    public RecallIndex Index { get; }

    /// <summary>The index that entities are searched by; the same limits hold for it as for <see cref="Index"/>, apart.</summary>
    public RecallIndex GraphIndex { get; }

    /// <summary>The same of episodes, facts and what agents wrote; its bounds are its own.</summary>
    public RecallIndex MemoryIndex { get; }

    /// <summary>Session actors in memory, as whoever holds them counts.</summary>
    public Func<int> SessionActors { get; set; } = static () => 0;

    /// <summary>Where stored items are reported that could not be read and are in no answer: of turns, of memories, of the graph.</summary>
    internal IReadOnlyList<LeftOutItems> LeftOut => [Index.LeftOut, MemoryIndex.LeftOut, GraphIndex.LeftOut];

    /// <summary>Memories whose vectors of the active space are still to be made; as of some seconds ago.</summary>
    internal long MemoriesWithoutVectors => Schedule.Book.Active is { } space
        ? Schedule.Book.Backlog.FirstOrDefault(each => each.Kind == DueKinds.EmbedMemory(space.Id)).Ready
        : 0;

    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>A session's single writer, with its working memory. Whoever makes it sees to it that there is one at a time.</summary>
    public SessionActor NewActor(SessionKey key) => new(key, stores.Sessions, clock, ids, options.Distillation, options.Window, redaction);

    /// <summary>Empties turns of a session for good; only for the session's single writer.</summary>
    public Task<ErasureCounts> EraseTurnsAsync(SessionKey key, IReadOnlyList<long> seqs, DateTimeOffset now, CancellationToken cancel) =>
        stores.Erasures.EraseTurnsAsync(key, [.. seqs], now, cancel);

    /// <summary>The live window with the summary beside it, as callers see it.</summary>
    public async Task<Outcome<WorkingMemoryView>> ReadWorkingMemoryAsync(SessionKey key, SessionActor actor, CancellationToken cancel)
    {
        if (await actor.ReadWindowAsync(cancel) is not { } view)
            return SessionReader.NotFound;
        if (options.Window.SummaryTokensMax == 0)
            return view;
        var parts = await ReadSummaryAsync(key, actor, view, cancel);
        return view with { Summary = SummaryPart.Select(parts, options.Window.SummaryTokensMax, static part => part.Tokens) };
    }

    /// <summary>A prompt-ready block out of a session's working memory and what is recalled beyond it.</summary>
    /// <param name="ask">Answers a question where its scope's index is warm.</param>
    public async Task<Outcome<ContextBlock>> BuildContextAsync(
        SessionKey key, SessionActor actor, ContextRequest request, Func<RecallQuery, Task<Outcome<RecallResult>>> ask,
        CancellationToken cancel)
    {
        if (await actor.ReadWindowAsync(cancel) is not { } view)
            return SessionReader.NotFound;
        var summary = await ReadSummaryAsync(key, actor, view, cancel);
        var block = await BuildContext.BuildAsync(key.Tenant, view, summary, request, ask);
        if (block.IsSuccess)
            life.Keep.NoteUsed(key.Tenant, block.Value.Citations.Select(static citation => citation.MemoryId).OfType<string>());
        return block;
    }

    /// <summary>Reads a tenant's settings again before the next of its texts is stored; they were changed.</summary>
    public void NoteSettings(string tenant) => redaction.Forget(tenant);

    /// <summary>Drops what is kept in memory of questions; an erased text may have been one.</summary>
    public void ForgetQuestions()
    {
        recall.Forget();
        Schedule.Embedder?.Forget();
    }

    /// <summary>
    /// Drops all that this process keeps of a tenant. Whoever holds its sessions' actors is told by <see cref="TimesForgotten"/>.
    /// </summary>
    public void ForgetTenant(string tenant)
    {
        erased.Note(tenant);
        foreach (var index in new[] { Index, MemoryIndex, GraphIndex })
            index.Forget(tenant);
        redaction.Forget(tenant);
        ForgetQuestions();
    }

    /// <summary>How often the tenant was forgotten: what was kept of it while that was less is of a tenant that is gone.</summary>
    public long TimesForgotten(string tenant) => erased.TimesOf(tenant);

    /// <summary>Saves the reinforcements gathered since the last time; on a stop too.</summary>
    public Task SaveReinforcementsAsync(CancellationToken cancel) => life.Keep.SaveReinforcementsAsync(cancel);

    /// <summary>One tidying round: idle partitions, expired idempotency records, old events, reinforcements.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Index.Evict();
        GraphIndex.Evict();
        MemoryIndex.Evict();
        await stores.Tenants.RemoveExpiredAsync(clock.GetUtcNow(), cancel);
        await stores.Events.RemoveEventsAsync(clock.GetUtcNow() - options.Webhooks.Retention, cancel);
        await SaveReinforcementsAsync(cancel);
    }

    public void Dispose()
    {
        recall.Dispose();
        entitySearch.Dispose();
        life.Dispose();
        updates.Dispose();
        meter.Dispose();
    }

    // Episodes are memories of the session's user: when none of those changed, neither did the summary.
    private async Task<IReadOnlyList<SummaryPart>> ReadSummaryAsync(
        SessionKey key, SessionActor actor, WorkingMemoryView view, CancellationToken cancel)
    {
        if (view.TurnsBefore <= 0)
            return [];
        var head = await stores.Memories.MemoryFeed.HeadAsync(new PartitionKey(key.Tenant, view.Session.UserId), cancel);
        return await actor.ReadSummaryAsync(view, head, each => past.ReadAsync(key.Tenant, each, cancel));
    }
}
