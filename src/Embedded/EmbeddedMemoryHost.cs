using System.Diagnostics.Metrics;
using MemoryOrleans.Episodes;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Tiers;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Embedded;

/// <summary>
/// The whole memory in one process: the core's session actors, reads and recall over one store. Own one for the life of
/// the process; it does not own the store.
/// </summary>
public sealed class EmbeddedMemoryHost : IMemoryHost, ISessionOperations, IRecallOperations, IHostOperations, IDisposable
{
    private readonly Meter meter = new(HostMeters.Name);
    private readonly ITenantStore tenants;
    private readonly IJobStore jobs;
    private readonly IEmbedder embedder;
    private readonly TimeProvider clock;
    private readonly SessionDirectory directory;
    private readonly ReadSessions reads;
    private readonly RecallMemories recall;
    private readonly SearchEntities entitySearch;
    private readonly MemoryLife life;
    private readonly TimeSpan overdueMax;

    /// <param name="textEmbedder">Null: static vectors only, and nobody does the work of neural ones.</param>
    /// <param name="turnIds">Mints ids: of turns that come without one, of memories, of operations, of parts of the graph; never one twice.</param>
    /// <param name="distiller">One that asks a model and may fail; what it does not do the extractive one does. Null: that one alone.</param>
    public EmbeddedMemoryHost(
        MemoryStores stores, IEmbedder embedder, ITextEmbedder? textEmbedder, TimeProvider clock, Func<string> turnIds, EmbeddedMemoryOptions options,
        IDistiller? distiller = null)
    {
        (tenants, jobs) = (stores.Tenants, stores.Due);
        this.embedder = embedder = new MeteredEmbedder(embedder, meter);
        this.clock = clock;
        overdueMax = options.Due.OverdueMax;
        directory = new SessionDirectory(stores.Sessions, clock, turnIds, options.SessionActorsMax, options.Distillation);
        var past = new SummarizePast(stores.Sessions, stores.Memories, embedder);
        reads = new ReadSessions(stores.Sessions, options.Window, past);
        Index = new RecallIndex(stores.Feed, embedder, clock, options.Index);
        life = new MemoryLife(stores, directory, embedder, distiller, clock, turnIds, options, _ => ForgetQuestions());
        Schedule = new MemorySchedule(stores, textEmbedder, clock, options, life);
        GraphIndex = new RecallIndex(stores.Graph.Documents, embedder, clock, options.Index with { HiddenShareMax = SearchEntities.HiddenShareMax });
        entitySearch = new SearchEntities(GraphIndex, stores.Graph, embedder, clock, options.RecallConcurrency);
        Graph = new GraphOperations(new KnowledgeGraph(stores.Graph, stores.Sessions, clock, turnIds), entitySearch);
        MemoryIndex = new RecallIndex(stores.Memories.MemoryFeed, embedder, clock, options.Index with { HiddenShareMax = SearchEntities.HiddenShareMax });
        var memories = new MemoryArm(MemoryIndex, stores.Memories, new SalienceCurve(options.Salience), options.Tiers);
        recall = new RecallMemories(
            Index, stores.Sessions, embedder, clock, options.Window, options.RecallConcurrency, Schedule.Neural, memories, past);
        Transfers = new DirectTransfers(stores, clock, Schedule.Wake);
        HostMeters.Register(meter, this);
    }

    public ISessionOperations Sessions => this;

    public IRecallOperations Recall => this;

    public IGraphOperations Graph { get; }

    public IMemoryOperations Memories => life.Keep;

    public IErasureOperations Erasures => life.Erase;

    public IHostOperations Operations => this;

    public IDueOperations Due => Schedule.Due;

    public IUpkeepOperations Upkeep => Schedule.Upkeep;

    public IEmbeddingOperations Embeddings => Schedule.Spaces;

    public ITransferOperations Transfers { get; }

    /// <summary>The due work of this process; whoever owns the host runs it.</summary>
    public MemorySchedule Schedule { get; }

    /// <summary>The recall index, for metrics and sweeps.</summary>
    public RecallIndex Index { get; }

    /// <summary>The index that entities are searched by; the same limits hold for it as for <see cref="Index"/>, apart.</summary>
    public RecallIndex GraphIndex { get; }

    /// <summary>The same of episodes, facts and what agents wrote; its bounds are its own.</summary>
    public RecallIndex MemoryIndex { get; }

    /// <summary>Where stored items are reported that could not be read and are in no answer: of turns, of memories, of the graph.</summary>
    internal IReadOnlyList<LeftOutItems> LeftOut => [Index.LeftOut, MemoryIndex.LeftOut, GraphIndex.LeftOut];

    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Session actors in memory.</summary>
    public int SessionActors => directory.Count;

    public async Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel)
    {
        var appended = await TryAgain.WhenMovedAsync(_ => directory.UseAsync(command.Session, actor => actor.AppendAsync(command, cancel)));
        if (appended.IsSuccess)
            Schedule.Wake();
        return appended;
    }

    public Task<Outcome<Session>> GetAsync(SessionKey key, CancellationToken cancel) => reads.GetAsync(key, cancel);

    public Task<Outcome<Page<Session>>> ListAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        reads.ListAsync(tenant, filter, cursor, limit, cancel);

    public Task<Outcome<IReadOnlyList<Turn>>> ListTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel) =>
        reads.ListTurnsAsync(key, afterSeq, limit, cancel);

    public Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(SessionKey key, CancellationToken cancel) =>
        reads.GetWorkingMemoryAsync(key, cancel);

    public async Task<Outcome<Session>> CloseAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel)
    {
        var closed = await TryAgain.WhenMovedAsync(_ => directory.UseAsync(key, actor => actor.CloseAsync(ifMatchVersion, cancel)));
        if (closed.IsSuccess)
            Schedule.Wake();
        return closed;
    }

    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel) => recall.RecallAsync(query, cancel);

    public async Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, string? query, int maxTokens, CancellationToken cancel)
    {
        var block = await recall.BuildContextAsync(key, query, maxTokens, cancel);
        if (block.IsSuccess)
            life.Keep.NoteUsed(key.Tenant, block.Value.Citations.Select(static citation => citation.MemoryId).OfType<string>());
        return block;
    }

    public async Task<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel) =>
        await tenants.SummarizeAsync(tenant, cancel);

    public Task<IReadOnlyList<ComponentHealth>> CheckHealthAsync(CancellationToken cancel) =>
        new CheckHealth(tenants, jobs, Index, embedder, Schedule, clock, overdueMax).RunAsync(cancel);

    /// <summary>Saves the reinforcements gathered since the last time; on a stop too.</summary>
    public Task SaveReinforcementsAsync(CancellationToken cancel) => life.Keep.SaveReinforcementsAsync(cancel);

    private void ForgetQuestions()
    {
        recall.Forget();
        Schedule.Embedder?.Forget();
    }

    /// <summary>One tidying round: reinforcements, idle actors, idle partitions, expired idempotency records.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        directory.Trim();
        Index.Evict();
        GraphIndex.Evict();
        MemoryIndex.Evict();
        await tenants.RemoveExpiredAsync(clock.GetUtcNow(), cancel);
        await SaveReinforcementsAsync(cancel);
    }

    public void Dispose()
    {
        recall.Dispose();
        entitySearch.Dispose();
        life.Dispose();
        meter.Dispose();
    }
}
