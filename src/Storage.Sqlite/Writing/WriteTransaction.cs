using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The committer's transaction: one at a time, each over many writes, every one of which may fail alone.</summary>
internal sealed class WriteTransaction
{
    private const string NewestChangeSql =
        """
        SELECT max(ifnull((SELECT max(change) FROM turns), 0), ifnull((SELECT max(change) FROM removals), 0),
            ifnull((SELECT max(newest_change) FROM tenant_erasures), 0))
        """;

    private readonly Dictionary<PartitionKey, long> heads = [];
    private readonly Dictionary<PartitionKey, long> memoryHeads = [];
    private readonly HashSet<string> forgotten = new(StringComparer.Ordinal);
    private long newestChange;

    public WriteTransaction(Connection connection)
    {
        Connection = connection;
        Sessions = new SessionWrites(this);
        Idempotency = new IdempotencyWrites(connection);
        Events = new EventWrites(connection);
        Due = new DueWrites(connection, Events);
        Spaces = new SpaceWrites(this);
        Vectors = new VectorWrites(this);
        MemoryVectors = new MemoryVectorWrites(this);
        EntityVectors = new EntityVectorWrites(this);
        Memories = new MemoryWrites(this);
        Erasure = new TurnErasure(this);
        Graph = new GraphWrites(this);
        Erasures = new ErasureWrites(this);
        Import = new ImportWrites(this);
        TenantErasures = new TenantErasureWrites(this);
        Fenced = TenantErasures.FindRunning();
        newestChange = connection.Scalar(NewestChangeSql);
    }

    public Connection Connection { get; }

    public SessionWrites Sessions { get; }

    public IdempotencyWrites Idempotency { get; }

    public EventWrites Events { get; }

    public DueWrites Due { get; }

    public SpaceWrites Spaces { get; }

    public VectorWrites Vectors { get; }

    public MemoryVectorWrites MemoryVectors { get; }

    public EntityVectorWrites EntityVectors { get; }

    public MemoryWrites Memories { get; }

    public TurnErasure Erasure { get; }

    public GraphWrites Graph { get; }

    public ErasureWrites Erasures { get; }

    public ImportWrites Import { get; }

    public TenantErasureWrites TenantErasures { get; }

    /// <summary>Tenants that are being erased: nothing of theirs is written.</summary>
    public HashSet<string> Fenced { get; private set; }

    /// <summary>Tenants whose rows were removed, so that what is known of their partitions no longer holds.</summary>
    public IReadOnlySet<string> Forgotten => forgotten;

    /// <summary>The newest change of each partition the transaction touched.</summary>
    public IReadOnlyDictionary<PartitionKey, long> Heads => heads;

    /// <summary>The same of the memories' feed.</summary>
    public IReadOnlyDictionary<PartitionKey, long> MemoryHeads => memoryHeads;

    /// <summary>True when the transaction erased text, copies of which the write-ahead log still holds.</summary>
    public bool Erased { get; private set; }

    /// <summary>The newest number that a change has had, or was to have.</summary>
    public long NewestChange => newestChange;

    /// <summary>The first of <paramref name="count"/> numbers no change has had. Those of writes that failed are not used again.</summary>
    public long NextChange(int count = 1)
    {
        newestChange += count;
        return newestChange - count + 1;
    }

    /// <summary>Notes a partition's newest change; called last, when nothing of the write can fail any more.</summary>
    public void Advance(PartitionKey partition, long change, bool erased = false)
    {
        heads[partition] = change;
        Erased |= erased;
    }

    /// <summary>Notes the newest change of a partition's memories; called last.</summary>
    public void AdvanceMemories(PartitionKey partition, long change) => memoryHeads[partition] = change;

    /// <summary>Notes that text, or what stands for it, was erased outside of a partition's changes.</summary>
    public void NoteErasure() => Erased = true;

    /// <summary>Notes that rows of a tenant were removed, of any partition.</summary>
    public void Forget(string tenant) => forgotten.Add(tenant);

    public void Begin()
    {
        Clear();
        Connection.Prepared("BEGIN IMMEDIATE").Run();
    }

    /// <summary>Applies one write inside a savepoint. Throws only what is not the write's own fault.</summary>
    public void Apply(PendingWrite write)
    {
        if (write.Tenant is { } tenant && Fenced.Contains(tenant))
        {
            (write.Status, write.IsFenced) = (CommitStatus.Unavailable, true);
            return;
        }

        Connection.Prepared("SAVEPOINT one_write").Run();
        Connection.Seal = write.Seal;
        try
        {
            write.Status = write.Apply(this);
        }
        catch (SqliteStoreException error) when (error.IsConstraint)
        {
            write.Status = CommitStatus.Stale;
        }
        catch (Exception bug) when (bug is not SqliteStoreException)
        {
            // The write's boundary: its own fault is its caller's, and those beside it in the transaction go on.
            write.Status = CommitStatus.Unavailable;
            write.Fault = bug;
        }

        if (write.Status != CommitStatus.Committed)
            Connection.Prepared("ROLLBACK TO one_write").Run();
        Connection.Prepared("RELEASE one_write").Run();
    }

    public void Commit() => Connection.Prepared("COMMIT").Run();

    public void Rollback()
    {
        Clear();
        // A full disk or a failed write has often ended it already.
        if (Connection.InTransaction)
            Connection.Prepared("ROLLBACK").Run();
        Fenced = TenantErasures.FindRunning();
    }

    private void Clear()
    {
        heads.Clear();
        memoryHeads.Clear();
        forgotten.Clear();
        Erased = false;
    }
}
