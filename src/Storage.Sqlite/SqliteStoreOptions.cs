using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Settings of a <see cref="SqliteStore"/>.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>
    /// The database file. Required. Its folder is made when missing; <c>.lock</c>, <c>.identity</c>, <c>-wal</c> and <c>-shm</c>
    /// files stand beside it.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Whether a database that is missing is made, empty. Default: where none was before.</summary>
    public DatabaseCreation Creation { get; init; }

    /// <summary>Time from one check of the whole file to the next, the first at opening. Default 0: never; up to 30 days.</summary>
    public TimeSpan IntegrityCheckPeriod { get; init; }

    /// <summary>What the texts of tenants are encrypted under; null, the default: they are stored as they are.</summary>
    public IMasterKeys? MasterKeys { get; init; }

    /// <summary>How long one such check may take before it is given up. Default 10 min, 1 s..1 day.</summary>
    public TimeSpan IntegrityCheckMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Writes that may wait for the committer before callers are told Overloaded. Commits; default 4096, 16..65536.</summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>Turns written in one transaction. A larger batch of one caller still goes whole. Turns; default 2000, 1..100000.</summary>
    public int GroupTurnsMax { get; init; } = 2000;

    /// <summary>Connections that serve reads, and so reads that can run at once. Default 4, 1..64.</summary>
    public int ReadConnections { get; init; } = 4;

    /// <summary>Size of the write-ahead log that starts a checkpoint. Bytes; default 16 MiB, 64 KiB..1 GiB.</summary>
    public long CheckpointWalBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long opening waits for another process to release the database. Default 5 s, 0..5 min.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a statement waits for a lock a foreign tool holds on the database. Default 5 s, 0..1 min.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long disposing waits for queued writes before it fails the rest as Unavailable. Default 10 s, 0..5 min.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pages the database may grow to; lets tests fill the disk.</summary>
    internal int? PageCountMax { get; init; }

    /// <summary>One sentence for every setting out of range; empty when all are good.</summary>
    public IReadOnlyList<string> FindErrors()
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(Path) || Path.Contains('\0', StringComparison.Ordinal) || Path == ":memory:")
            errors.Add($"{nameof(Path)} must name a file.");
        Check(errors, nameof(QueueCapacity), QueueCapacity, 16, 65536);
        Check(errors, nameof(GroupTurnsMax), GroupTurnsMax, 1, 100_000);
        Check(errors, nameof(ReadConnections), ReadConnections, 1, 64);
        Check(errors, nameof(CheckpointWalBytes), CheckpointWalBytes, 64 * 1024, 1024L * 1024 * 1024);
        Check(errors, nameof(LockTimeout), LockTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Check(errors, nameof(BusyTimeout), BusyTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Check(errors, nameof(DrainTimeout), DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Check(errors, nameof(IntegrityCheckPeriod), IntegrityCheckPeriod, TimeSpan.Zero, TimeSpan.FromDays(30));
        Check(errors, nameof(IntegrityCheckMax), IntegrityCheckMax, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        return errors;
    }

    private static void Check<T>(List<string> errors, string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            errors.Add($"{name} is {value}; it must be within {least}..{most}.");
    }
}
