using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Settings of a <see cref="PostgresStore"/>; the names in capitals are those of the service's settings.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>
    /// MEMORY_DATABASE_URL. <c>postgres://user:password@host:port/database?sslmode=…</c>, user and password percent-encoded.
    /// Required. The role must be neither a superuser nor exempt from row-level security.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>
    /// MEMORY_DATABASE_SCHEMA. The schema the tables are in; made when missing. Default <c>memory</c>, <c>[a-z_][a-z0-9_]{0,62}</c>.
    /// </summary>
    public string Schema { get; init; } = "memory";

    /// <summary>MEMORY_DATABASE_POOL_SIZE. Connections kept open. Default 8, 1..500.</summary>
    public int PoolSize { get; init; } = 8;

    /// <summary>MEMORY_DATABASE_MAX_OVERFLOW. Connections beyond those, closed when idle. Default 8, 0..500.</summary>
    public int MaxOverflow { get; init; } = 8;

    /// <summary>
    /// MEMORY_DATABASE_COMMIT_CONNECTIONS. Of all connections, those kept for commits: as many tenants commit at once. Default 4, 1..64.
    /// </summary>
    public int CommitConnections { get; init; } = 4;

    /// <summary>
    /// MEMORY_DATABASE_CONNECTION_LIFETIME_SECONDS. Age at which a connection is replaced; zero: never. Default 30 min, 0..1 day.
    /// </summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>MEMORY_DATABASE_KEEPALIVE_SECONDS. Between probes of idle connections; zero: none. Default 30 s, 0..1 h.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// MEMORY_DATABASE_CONNECT_TIMEOUT_SECONDS. How long connecting, or waiting for a free connection, may take. Default 3 s, 1 s..1 min.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// MEMORY_DATABASE_COMMAND_TIMEOUT_SECONDS. How long a read or a transaction may take, waiting for locks included. Default 5 s, 1 s..5
    /// min.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// MEMORY_WRITE_QUEUE_MAX. Writes that may wait for the committers before callers are told Overloaded. Default 4096, 16..65536.
    /// </summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>
    /// MEMORY_COMMIT_TURNS_MAX. Turns written in one transaction. A larger batch of one caller still goes whole. Default 2000, 1..100000.
    /// </summary>
    public int GroupTurnsMax { get; init; } = 2000;

    /// <summary>
    /// MEMORY_VECTOR_EXACT_MAX. Vectors of a tenant, or of the users asked for, up to which each search compares all of them;
    /// beyond it a tenant gets an approximate index. Default 20,000, 0..1,000,000.
    /// </summary>
    public int VectorExactMax { get; init; } = 20_000;

    /// <summary>
    /// MEMORY_VECTOR_BUILD_MEGABYTES. Memory of the server in which an approximate index is built; beyond it the build slows down. Default
    /// 256, 64..65536 MiB.
    /// </summary>
    public int VectorBuildMegabytes { get; init; } = 256;

    /// <summary>What the texts of tenants are encrypted under; null, the default: they are stored as they are.</summary>
    public IMasterKeys? MasterKeys { get; init; }

    /// <summary>Its name among several, for metrics; null: there is this one.</summary>
    public string? Database { get; init; }

    /// <summary>How long disposing waits for queued writes before it fails the rest as Unavailable. Default 10 s, 0..5 min.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// One sentence for every setting out of range; empty when all are good. None repeats the URL, which holds a password.
    /// </summary>
    public IReadOnlyList<string> FindErrors()
    {
        var errors = new List<string>();
        if (!PostgresUrl.TryParse(Url, out _, out var wrong))
            errors.Add($"{nameof(Url)} {wrong}");
        if (!IsSchemaName(Schema))
            errors.Add($"{nameof(Schema)} must be 1 to 63 of a-z, 0-9 and _, not beginning with a digit or pg_.");
        Check(errors, nameof(PoolSize), PoolSize, 1, 500);
        Check(errors, nameof(MaxOverflow), MaxOverflow, 0, 500);
        Check(errors, nameof(CommitConnections), CommitConnections, 1, 64);
        if (CommitConnections >= PoolSize + MaxOverflow)
            errors.Add($"{nameof(CommitConnections)} is {CommitConnections}; it must leave some of {nameof(PoolSize)} + "
                + $"{nameof(MaxOverflow)} for reads.");
        Check(errors, nameof(ConnectionLifetime), ConnectionLifetime, TimeSpan.Zero, TimeSpan.FromDays(1));
        Check(errors, nameof(KeepAlive), KeepAlive, TimeSpan.Zero, TimeSpan.FromHours(1));
        Check(errors, nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Check(errors, nameof(CommandTimeout), CommandTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Check(errors, nameof(QueueCapacity), QueueCapacity, 16, 65536);
        Check(errors, nameof(GroupTurnsMax), GroupTurnsMax, 1, 100_000);
        Check(errors, nameof(VectorExactMax), VectorExactMax, 0, 1_000_000);
        Check(errors, nameof(VectorBuildMegabytes), VectorBuildMegabytes, 64, 65_536);
        Check(errors, nameof(DrainTimeout), DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        return errors;
    }

    private static bool IsSchemaName(string name) =>
        name.Length is > 0 and <= 63 && !char.IsAsciiDigit(name[0]) && !name.StartsWith("pg_", StringComparison.Ordinal)
        && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static void Check<T>(List<string> errors, string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            errors.Add($"{name} is {value}; it must be within {least}..{most}.");
    }
}
