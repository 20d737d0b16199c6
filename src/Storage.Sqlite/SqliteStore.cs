using MemoryOrleans.Erasures;
using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// The embedded store: one SQLite database, one process. Writes of many sessions share a transaction and its sync to disk;
/// reads run on connections of their own and never wait for writes. Reads that SQLite fails throw
/// <see cref="SqliteStoreException"/>; writes answer <see cref="CommitStatus.Unavailable"/>.
/// </summary>
public sealed partial class SqliteStore : ISessionStore, IRecallFeed, ITenantStore, IDueStore, IVectorStore, IMemoryStore, IErasureStore,
    IAsyncDisposable
{
    private readonly SqliteStoreOptions options;
    private readonly TimeProvider clock;
    private readonly StoreLock storeLock;
    private readonly Connection writer;
    private readonly ReadPool reads;
    private readonly GraphFeed graphFeed;
    private readonly WriteQueue queue;
    private readonly Checkpointer checkpointer;
    private readonly PartitionHeads heads = new();
    private readonly PartitionHeads memoryHeads = new();
    private readonly MemoryFeed memoryFeed;
    private readonly StoreMetrics metrics;
    private readonly FailStop stop;
    private readonly IntegrityCheck integrity;
    private readonly WalSize wal;
    private readonly Task committing;
    private readonly TenantKeyTable keys;
    private readonly KeyRing? ring;
    private int disposed;

    private SqliteStore(SqliteStoreOptions options, TimeProvider clock, StoreLock storeLock, OpenConnections connections)
    {
        (this.options, this.clock, this.storeLock) = (options, clock, storeLock);
        writer = connections.Writer;
        string[] sealing = options.MasterKeys is null ? [] : [StoreFailedEventArgs.Unseal];
        metrics = new StoreMetrics(
            clock, ["commit", "rollback", "checkpoint", "integrity_check", StoreFailedEventArgs.FileLost, StoreFailedEventArgs.Corrupt,
            .. sealing])
        {
            OnFailure = failure => Failed?.Invoke(this, failure),
        };
        stop = new FailStop(metrics);
        reads = new ReadPool(connections.Readers, stop);
        keys = new TenantKeyTable(
            reads, (tenant, write, cancel) => tenant is null ? WriteAsync(write, cancel) : WriteOfAsync(tenant, write, cancel));
        if (options.MasterKeys is { } masters)
            reads.Ring = ring = new KeyRing(masters, keys, error => metrics.Failed(StoreFailedEventArgs.Unseal, error));
        memoryFeed = new MemoryFeed(reads, memoryHeads);
        graphFeed = new GraphFeed(reads);
        queue = new WriteQueue(options.QueueCapacity, options.GroupTurnsMax);
        wal = new WalSize(options.CheckpointWalBytes);
        metrics.Observe(() => queue.Depth, () => queue.QueuedSince, () => reads.InUse);
        metrics.ObserveLog(() => wal.Bytes);
        metrics.ObserveStopped();
        checkpointer = new Checkpointer(connections.Checkpointer, queue, metrics, options.BusyTimeout, clock);
        var published = (heads, memoryHeads);
        committing = new Committer(writer, queue, published, checkpointer, wal, new CommitGuard(connections.Files, stop), metrics).Start();
        checkpointer.Start();
        integrity = new IntegrityCheck(options, stop, metrics, clock);
        integrity.Start();
    }

    /// <summary>
    /// Raised, after it was counted, when a transaction, a checkpoint or a check fails, and when writing ends for good. Handlers run on the
    /// store's own threads: be quick.
    /// </summary>
    public event EventHandler<StoreFailedEventArgs>? Failed;

    /// <summary>Writes waiting for the committer.</summary>
    public int QueueDepth => queue.Depth;

    /// <summary>Writes that may wait before callers are told Overloaded.</summary>
    public int QueueCapacity => queue.Capacity;

    /// <summary>Session commits made durable since opening.</summary>
    public long CommitsTotal => metrics.CommitsTotal;

    /// <summary>Turns made durable since opening.</summary>
    public long TurnsCommittedTotal => metrics.TurnsTotal;

    /// <summary>Bytes of the write-ahead log in use.</summary>
    public long WalBytes => wal.Bytes;

    /// <summary>Why nothing is written any more until the store is opened again; null while all is well.</summary>
    public StoreUnavailableException? StoppedBy => stop.Reason;

    /// <summary>Connections that serve reads.</summary>
    public int ReadPoolSize => reads.Size;

    /// <summary>Of those, busy ones.</summary>
    public int ReadPoolInUse => reads.InUse;

    /// <summary>
    /// Opens the database, making or migrating it as needed, and starts the committer. What a killed process left in the
    /// write-ahead log is recovered and moved into the database first.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names each.</exception>
    /// <exception cref="SqliteLibraryException">SQLite's library is missing or unfit.</exception>
    /// <exception cref="StoreLockedException">Another process has the database open.</exception>
    /// <exception cref="StoreSchemaTooNewException">A newer release has written the database.</exception>
    /// <exception cref="StoreNotOpenedException">The file or its folder cannot be used, or a database is missing; the message says
    /// which.</exception>
    /// <exception cref="StoreSealedException">Its texts are encrypted, and the master keys for them were not given.</exception>
    public static async Task<SqliteStore> OpenAsync(SqliteStoreOptions options, TimeProvider clock, CancellationToken cancel = default)
    {
        if (options.FindErrors() is { Count: > 0 } errors)
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        SqliteLibrary.EnsureLoaded();
        StoreMarker.RefuseToMakeOne(options);
        StoreFiles.EnsureFolder(options.Path);
        var acquired = await StoreLock.AcquireAsync(options.Path, options.LockTimeout, clock, cancel);
        SqliteStore store;
        try
        {
            store = new SqliteStore(options, clock, acquired, OpenConnections.Open(options, clock.GetUtcNow()));
        }
        catch
        {
            acquired.Dispose();
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

    /// <summary>The tenants' data keys.</summary>
    public ITenantKeys TenantKeys => keys;

    /// <summary>The tenants' seals; null: texts are stored as they are.</summary>
    public KeyRing? Ring => ring;

    /// <summary>
    /// Moves all committed pages into the database file and empties the write-ahead log, so that erased text is gone from
    /// both. False when a reader outside this process stood in the way; it is tried again in the background.
    /// </summary>
    public Task<bool> CheckpointAsync() => checkpointer.TruncateAsync();

    /// <summary>
    /// Refuses new writes, writes what is queued (for at most <see cref="SqliteStoreOptions.DrainTimeout"/>), empties the
    /// write-ahead log and lets the database go.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        queue.StopAccepting();
        await integrity.DisposeAsync();
        await checkpointer.DisposeAsync();
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

        await reads.DisposeAsync();
        try
        {
            OpenConnections.EmptyLog(writer);
        }
        catch (SqliteStoreException error)
        {
            metrics.Failed("checkpoint", error);
        }

        writer.Dispose();
        metrics.Dispose();
        storeLock.Dispose();
    }
}
