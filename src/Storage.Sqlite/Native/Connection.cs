using MemoryOrleans.Storage.Sealing;
using SQLitePCL;

namespace MemoryOrleans.Storage.Sqlite;

internal enum ConnectionRole
{
    Writer,
    Checkpointer,
    Reader,
}

/// <summary>What a checkpoint came to: <see cref="Complete"/> when every frame is in the database file.</summary>
internal readonly record struct CheckpointResult(bool Complete, int LogFrames);

/// <summary>
/// One SQLite connection, used by one thread at a time (it is opened without SQLite's own mutex). Statements are
/// prepared once and kept, found by the identity of their SQL constant.
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int CacheWriteCounter = 9;
    private const uint Persistent = 1;
    private static readonly TimeSpan ReadOnlyBusyTimeout = TimeSpan.FromSeconds(5);

    private readonly sqlite3 db;
    private readonly Dictionary<object, Statement> statements = new(ReferenceEqualityComparer.Instance);
    private readonly Utf8Scratch scratch = new();

    private Connection(sqlite3 db) => this.db = db;

    /// <summary>What the texts of the tenant that is read or written now are sealed with; null: nothing is sealed.</summary>
    public TenantSeal? Seal { get; set; }

    /// <summary>True while a transaction is open; some failures end it by themselves.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(db) == 0;

    /// <summary>Rows changed by the last INSERT, UPDATE or DELETE.</summary>
    public int Changes => raw.sqlite3_changes(db);

    public long LastRowId => raw.sqlite3_last_insert_rowid(db);

    public static Connection Open(SqliteStoreOptions options, ConnectionRole role) =>
        Open(options.Path, raw.SQLITE_OPEN_READWRITE, options.BusyTimeout, Pragmas(options, role));

    /// <summary>
    /// Opens a file that a store of another process may be writing to, or that nobody vouches for: to read it, beside
    /// whoever has it open.
    /// </summary>
    public static Connection OpenReadOnly(string path)
    {
        const string pragmas = """
            PRAGMA trusted_schema=OFF;
            PRAGMA cell_size_check=ON;
            PRAGMA cache_size=-8192;
            PRAGMA mmap_size=0;
            PRAGMA temp_store=MEMORY;
            """;
        return Open(path, raw.SQLITE_OPEN_READONLY, ReadOnlyBusyTimeout, pragmas);
    }

    private static Connection Open(string path, int access, TimeSpan busyTimeout, string pragmas)
    {
        var result = raw.sqlite3_open_v2(path, out var db, access | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new Connection(db);
        try
        {
            connection.Check(result);
            connection.Check(raw.sqlite3_extended_result_codes(db, 1));
            connection.Check(raw.sqlite3_busy_timeout(db, (int)busyTimeout.TotalMilliseconds));
            connection.Execute(pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Ends what runs on the connection when <paramref name="cancel"/> is: it throws <see cref="OperationCanceledException"/>.
    /// </summary>
    public CancellationTokenRegistration InterruptOn(CancellationToken cancel) =>
        cancel.Register(static state => raw.sqlite3_interrupt((sqlite3)state!), db);

    /// <summary>The statement for a SQL constant; prepared at its first use, owned by the connection.</summary>
    public Statement Prepared(string sql)
    {
        if (statements.TryGetValue(sql, out var statement))
            return statement;
        Check(raw.sqlite3_prepare_v3(db, sql, Persistent, out var handle));
        statement = new Statement(this, handle, scratch);
        statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs a script of statements without parameters.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(db, sql));

    /// <summary>The first column of the first row as an integer; 0 when there is none.</summary>
    public long Scalar(string sql)
    {
        using var rows = Prepared(sql).Query();
        return rows.Next() ? rows.Int64(0) : 0;
    }

    public void SetBusyTimeout(TimeSpan timeout) => Check(raw.sqlite3_busy_timeout(db, (int)timeout.TotalMilliseconds));

    /// <summary>Pages this connection wrote to the WAL since the last call.</summary>
    public int TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(db, CacheWriteCounter, out var pages, out _, 1));
        return pages;
    }

    /// <summary>Checkpoints; one that a reader or writer stood in the way of is not complete, and no error.</summary>
    public CheckpointResult Checkpoint(int mode)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(db, "main", mode, out var log, out var done);
        if ((result & 0xFF) == raw.SQLITE_BUSY)
            return new CheckpointResult(Complete: false, log);
        Check(result);
        return new CheckpointResult(log == done, log);
    }

    internal void Check(int result)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
            return;
        if ((result & 0xFF) == raw.SQLITE_INTERRUPT)
            throw new OperationCanceledException("SQLite was interrupted.");
        throw new SqliteStoreException($"SQLite: {raw.sqlite3_errmsg(db).utf8_to_string()} ({result})", result);
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
            statement.Dispose();
        statements.Clear();
        raw.sqlite3_close_v2(db);
        db.Dispose();
    }

    /// <summary>
    /// Page caches are small because the system's file cache already holds the database; checkpoints are run by
    /// <see cref="Checkpointer"/>, never by a commit that happens to cross a threshold.
    /// </summary>
    private static string Pragmas(SqliteStoreOptions options, ConnectionRole role)
    {
        var cacheKibibytes = role switch
        {
            ConnectionRole.Writer => 8192,
            ConnectionRole.Reader => 2048,
            _ => 256,
        };
        var pageCountMax = options.PageCountMax is { } pages ? $"PRAGMA max_page_count={pages};" : "";
        var queryOnly = role == ConnectionRole.Reader ? "PRAGMA query_only=ON;" : "";
        return $"""
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=FULL;
            PRAGMA secure_delete=ON;
            PRAGMA foreign_keys=ON;
            PRAGMA wal_autocheckpoint=0;
            PRAGMA journal_size_limit={options.CheckpointWalBytes};
            PRAGMA cache_size=-{cacheKibibytes};
            PRAGMA mmap_size=0;
            PRAGMA temp_store=MEMORY;
            PRAGMA trusted_schema=OFF;
            {pageCountMax}
            {queryOnly}
            """;
    }
}
