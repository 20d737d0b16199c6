using MemoryOrleans.Erasures;
using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Tenancy;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// The store over a PostgreSQL server, for any number of processes at once. Writes of a tenant's sessions share a transaction
/// and its round trip; row-level security binds every statement to its tenant. Reads that the server fails throw
/// <see cref="StoreUnavailableException"/>; writes answer <see cref="CommitStatus.Unavailable"/>. Both recover by themselves.
/// </summary>
public sealed partial class PostgresStore : ISessionStore, IRecallFeed, ITenantStore, IDueStore, IVectorStore, IMemoryStore, IErasureStore,
    IAsyncDisposable
{
    private readonly PostgresStoreOptions options;
    private readonly TimeProvider clock;
    private readonly NpgsqlDataSource source;
    private readonly TenantReads reads;
    private readonly WorkerWrites worker;
    private readonly EraseTenantRows tenantRows;
    private readonly DueClaims claims;
    private readonly MemoryFeed memoryFeed;
    private readonly Spaces spaces;
    private readonly VectorExtension extension;
    private readonly SearchVectors search;
    private readonly GraphFeed graphFeed;
    private readonly GraphWrites graphWrites;
    private readonly WriteQueue queue;
    private readonly StoreMetrics metrics;
    private readonly PlannerStatistics statistics;
    private readonly Task committing;
    private readonly TenantKeyTable keys;
    private readonly KeyRing? ring;
    private int disposed;

    private PostgresStore(PostgresStoreOptions options, TimeProvider clock, NpgsqlDataSource source, bool knowsVectors)
    {
        (this.options, this.clock, this.source) = (options, clock, source);
        reads = new TenantReads(source, ReadConnections, options.ConnectTimeout);
        memoryFeed = new MemoryFeed(reads);
        worker = new WorkerWrites(source);
        tenantRows = new EraseTenantRows(source);
        claims = new DueClaims(worker);
        keys = new TenantKeyTable(reads, worker);
        (spaces, extension) = (new Spaces(reads), new VectorExtension(source, knowsVectors));
        search = new SearchVectors(reads, new ScopeSizes(reads, clock, options.VectorExactMax));
        queue = new WriteQueue(options.QueueCapacity, options.GroupTurnsMax);
        string[] sealing = options.MasterKeys is null ? [] : [StoreFailedEventArgs.Unseal];
        metrics = new StoreMetrics(clock, options.Database,
            ["commit", "race", "graph", "import", "analyze", .. sealing]) { OnFailure = failure => Failed?.Invoke(this, failure) };
        metrics.Observe(() => queue.Depth, () => queue.QueuedSince, () => reads.InUse);
        if (options.MasterKeys is { } masters)
            reads.Ring = ring = new KeyRing(masters, keys, error => metrics.Failed(StoreFailedEventArgs.Unseal, error), clock);
        graphFeed = new GraphFeed(reads);
        graphWrites = new GraphWrites(reads, metrics, clock);
        statistics = new PlannerStatistics(source, metrics);
        committing = Task.WhenAll(Enumerable.Range(0, options.CommitConnections)
            .Select(_ => new Committer(source, queue, statistics, metrics).Start()));
    }

    /// <summary>Raised, after it was counted, when a transaction fails. Handlers run on the committers: be quick.</summary>
    public event EventHandler<StoreFailedEventArgs>? Failed;

    /// <summary>Writes waiting for the committers.</summary>
    public int QueueDepth => queue.Depth;

    /// <summary>Writes that may wait before callers are told Overloaded.</summary>
    public int QueueCapacity => queue.Capacity;

    /// <summary>Session commits made durable since opening.</summary>
    public long CommitsTotal => metrics.CommitsTotal;

    /// <summary>Turns made durable since opening.</summary>
    public long TurnsCommittedTotal => metrics.TurnsTotal;

    /// <summary>Transactions that made those durable.</summary>
    public long TransactionsTotal => metrics.TransactionsTotal;

    /// <summary>Connections that may serve reads.</summary>
    public int ReadConnections => options.PoolSize + options.MaxOverflow - options.CommitConnections;

    /// <summary>Of those, busy ones.</summary>
    public int ReadConnectionsInUse => reads.InUse;

    /// <summary>The tenants' data keys.</summary>
    public ITenantKeys TenantKeys => keys;

    /// <summary>The tenants' seals; null: texts are stored as they are.</summary>
    public KeyRing? Ring => ring;

    /// <summary>Connects, brings the schema up to this release and starts the committers.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names each.</exception>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, or refuses the role or its password.</exception>
    /// <exception cref="StoreServerUnfitException">The server is too old or would lose acknowledged writes.</exception>
    /// <exception cref="StoreIsolationException">The role is a superuser or exempt from row-level security, or a table is not protected by
    /// it.</exception>
    /// <exception cref="StoreSchemaTooNewException">A newer release has written the database.</exception>
    /// <exception cref="StoreSealedException">Its texts are encrypted, and the master keys for them were not given.</exception>
    public static async Task<PostgresStore> OpenAsync(PostgresStoreOptions options, TimeProvider clock, CancellationToken cancel = default)
    {
        var opened = Connect(options);
        PostgresStore store;
        try
        {
            var knowsVectors = await PrepareAsync(
                opened,
                async connection =>
                {
                    // Before the migration, which may make it after this process asked for the types there are.
                    var isThere = await VectorExtension.IsThereAsync(connection, cancel);
                    await Schema.MigrateAsync(connection, options.Schema, clock.GetUtcNow(), dryRun: false, cancel);
                    await ServerChecks.CheckIsolationAsync(connection, cancel);
                    return isThere;
                },
                cancel);
            store = new PostgresStore(options, clock, opened, knowsVectors);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }

        try
        {
            await (store.ring is { } ring ? ring.CheckAsync(cancel) : KeyRing.RefuseSealedAsync(store.keys, cancel));
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Brings the schema up to this release without opening a store; the names of the migrations it applied or, on a dry run,
    /// would apply. Throws as <see cref="OpenAsync"/> does.
    /// </summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        PostgresStoreOptions options, TimeProvider clock, bool dryRun, CancellationToken cancel = default)
    {
        await using var opened = Connect(options);
        return await PrepareAsync(
            opened, connection => Schema.MigrateAsync(connection, options.Schema, clock.GetUtcNow(), dryRun, cancel), cancel);
    }

    /// <summary>
    /// Refuses new writes, writes what is queued (for at most <see cref="PostgresStoreOptions.DrainTimeout"/>) and closes the
    /// connections.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        queue.Close();
        try
        {
            await committing.WaitAsync(options.DrainTimeout, clock);
        }
        catch (TimeoutException)
        {
            queue.Abandon();
            await committing;
        }

        await statistics.Idle;
        await source.DisposeAsync();
        reads.Dispose();
        metrics.Dispose();
    }

    private static NpgsqlDataSource Connect(PostgresStoreOptions options)
    {
        if (options.FindErrors() is { Count: > 0 } errors)
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        return DataSource.Build(options);
    }

    private static async Task<T> PrepareAsync<T>(NpgsqlDataSource pool, Func<NpgsqlConnection, Task<T>> prepare, CancellationToken cancel)
    {
        try
        {
            await using var connection = await pool.OpenConnectionAsync(cancel);
            await ServerChecks.CheckServerAsync(connection, cancel);
            return await prepare(connection);
        }
        catch (PostgresException error) when (error.SqlState[..2] is "28" or "3D")
        {
            throw new StoreUnavailableException($"The database refuses the connection: {error.MessageText}", error);
        }
        catch (Exception error) when (Failures.IsUnavailable(error))
        {
            throw new StoreUnavailableException($"The database cannot be reached: {error.Message}", error);
        }
    }
}
