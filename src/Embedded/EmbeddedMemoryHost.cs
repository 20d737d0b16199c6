using System.Diagnostics.Metrics;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
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
    private readonly IEmbedder embedder;
    private readonly TimeProvider clock;
    private readonly SessionDirectory directory;
    private readonly ReadSessions reads;
    private readonly RecallMemories recall;

    /// <param name="turnIds">Mints turn ids for turns that come without one; unique within a session.</param>
    public EmbeddedMemoryHost(
        ISessionStore store, IRecallFeed feed, ITenantStore tenants, IEmbedder embedder, TimeProvider clock, Func<string> turnIds, EmbeddedMemoryOptions options)
    {
        this.tenants = tenants;
        this.embedder = embedder = new MeteredEmbedder(embedder, meter);
        this.clock = clock;
        directory = new SessionDirectory(store, clock, turnIds, options.SessionActorsMax);
        reads = new ReadSessions(store, options.Window);
        Index = new RecallIndex(feed, embedder, clock, options.Index);
        recall = new RecallMemories(Index, store, embedder, clock, options.Window, options.RecallConcurrency);
        HostMeters.Register(meter, this);
    }

    public ISessionOperations Sessions => this;

    public IRecallOperations Recall => this;

    public IHostOperations Operations => this;

    /// <summary>The recall index, for metrics and sweeps.</summary>
    public RecallIndex Index { get; }

    /// <summary>Session actors in memory.</summary>
    public int SessionActors => directory.Count;

    public Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel) =>
        directory.UseAsync(command.Session, actor => actor.AppendAsync(command, cancel));

    public Task<Outcome<Session>> GetAsync(SessionKey key, CancellationToken cancel) => reads.GetAsync(key, cancel);

    public Task<Outcome<Page<Session>>> ListAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        reads.ListAsync(tenant, filter, cursor, limit, cancel);

    public Task<Outcome<IReadOnlyList<Turn>>> ListTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel) =>
        reads.ListTurnsAsync(key, afterSeq, limit, cancel);

    public Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(SessionKey key, CancellationToken cancel) =>
        reads.GetWorkingMemoryAsync(key, cancel);

    public Task<Outcome<Session>> CloseAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel) =>
        directory.UseAsync(key, actor => actor.CloseAsync(ifMatchVersion, cancel));

    public Task<Outcome<Session>> DeleteAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel) =>
        directory.UseAsync(key, actor => actor.DeleteAsync(ifMatchVersion, cancel));

    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel) => recall.RecallAsync(query, cancel);

    public Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, string? query, int maxTokens, CancellationToken cancel) =>
        recall.BuildContextAsync(key, query, maxTokens, cancel);

    public async Task<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel) =>
        await tenants.SummarizeAsync(tenant, cancel);

    public async Task<IReadOnlyList<ComponentHealth>> CheckHealthAsync(CancellationToken cancel) =>
    [
        await CheckAsync("store", async () =>
        {
            await tenants.ProbeAsync(cancel);
            return "reads and writes";
        }),
        await CheckAsync("index", () =>
        {
            var size = Index.Size;
            return Task.FromResult($"{size.Partitions} partitions, {size.Turns} turns, {size.Bytes / 1024 / 1024} MiB");
        }),
        await CheckAsync("embedder", () =>
        {
            var vector = new float[embedder.Dimensions];
            return embedder.TryEmbed("a health check", vector)
                ? Task.FromResult($"{embedder.ModelId}, {embedder.Dimensions} dimensions")
                : throw new InvalidOperationException($"{embedder.ModelId} knows none of its probe's words");
        }),
    ];

    /// <summary>One tidying round: idle actors, idle partitions, expired idempotency records.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        directory.Trim();
        Index.Evict();
        await tenants.RemoveExpiredAsync(clock.GetUtcNow(), cancel);
    }

    public void Dispose()
    {
        recall.Dispose();
        meter.Dispose();
    }

    // A health check is a boundary: whatever a component throws is its answer.
    private async Task<ComponentHealth> CheckAsync(string name, Func<Task<string>> check)
    {
        var started = clock.GetTimestamp();
        try
        {
            var detail = await check();
            return new ComponentHealth(name, Healthy: true, clock.GetElapsedTime(started), detail);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new ComponentHealth(name, Healthy: false, clock.GetElapsedTime(started), failure.Message);
        }
    }
}
