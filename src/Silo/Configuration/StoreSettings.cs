using System.Globalization;
using MemoryOrleans.Hosting;
using MemoryOrleans.Settings;
using MemoryOrleans.Storage.Postgres;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>Where the memory is kept: exactly one of the two.</summary>
public sealed record StoreSettings(SqliteStoreOptions? Sqlite, PostgresStoreOptions? Postgres)
{
    private const string FurtherDatabases = "MEMORY_DATABASES";
    private const int NameLengthMax = 40;
    private const int FurtherMax = 100;
    private const string DatabaseUrl = "MEMORY_DATABASE_URL";
    private const string PoolSize = "MEMORY_DATABASE_POOL_SIZE";
    private const string DefaultUrl = "sqlite:data/memory.db";
    private const string SqliteScheme = "sqlite:";

    private static readonly Dictionary<string, DatabaseCreation> Creations = new()
    {
        ["when-new"] = DatabaseCreation.WhenNew,
        ["always"] = DatabaseCreation.Always,
        ["never"] = DatabaseCreation.Never,
    };

    /// <summary>Databases besides <see cref="Postgres"/>, by name: tenants are in one of all of them.</summary>
    public IReadOnlyDictionary<string, PostgresStoreOptions> Further { get; init; } = new Dictionary<string, PostgresStoreOptions>();

    /// <summary>Every PostgreSQL database there is, by name, that of the directory first; empty over SQLite.</summary>
    public IEnumerable<(string Name, PostgresStoreOptions Options)> Databases =>
        Postgres is null ? [] : [(TenantDatabase.Home, Postgres), .. Further.Select(static each => (each.Key, each.Value))];

    /// <summary>The same, encrypted under other master keys than those of the settings.</summary>
    internal StoreSettings With(IMasterKeys masters) => this with
    {
        Sqlite = Sqlite is null ? null : Sqlite with { MasterKeys = masters },
        Postgres = Postgres is null ? null : Postgres with { MasterKeys = masters },
        Further = Further.ToDictionary(static each => each.Key, each => each.Value with { MasterKeys = masters }, StringComparer.Ordinal),
    };

    /// <summary>Reads, defines and checks them; errors are collected in <paramref name="settings"/>.</summary>
    public static StoreSettings Read(MemorySettings settings)
    {
        var url = settings.Read(
            new SettingDefinition(
                DatabaseUrl, null, DefaultUrl, "sqlite:PATH or postgres://user:password@host:port/database",
                "Where the memory is kept: a file, whose folder is made when missing, or a PostgreSQL server.", Secret: true),
            DefaultUrl,
            static (string text, out string value) =>
            {
                value = text;
                return PostgresUrl.IsPostgres(text)
                    || (text.StartsWith(SqliteScheme, StringComparison.Ordinal) && text.Length > SqliteScheme.Length);
            });
        var isPostgres = PostgresUrl.IsPostgres(url);
        var pool = ReadPoolSize(settings, isPostgres);
        var queue = settings.Integer(
            "MEMORY_WRITE_QUEUE_MAX", 4_096, 16, 65_536, "writes",
            "Writes that may wait for the committer; more are answered 503 with Retry-After.");
        var group = settings.Integer("MEMORY_COMMIT_TURNS_MAX", 2_000, 1, 100_000, "turns", "Turns written in one transaction.");
        var masters = EncryptionSettings.Read(settings);
        var sqlite = ReadSqlite(settings, isPostgres ? DefaultUrl : url)
            with { MasterKeys = masters, ReadConnections = Math.Min(pool, 64), QueueCapacity = queue, GroupTurnsMax = group };
        var postgres = ReadPostgres(settings, url)
            with { MasterKeys = masters, PoolSize = pool, QueueCapacity = queue, GroupTurnsMax = group };
        var further = ReadFurther(settings)
            .ToDictionary(static each => each.Key, each => postgres with { Url = each.Value }, StringComparer.Ordinal);
        if (!isPostgres)
        {
            if (further.Count > 0)
                settings.Reject(FurtherDatabases, $"needs a PostgreSQL server in {DatabaseUrl} too, which keeps the directory of tenants");
            return new StoreSettings(sqlite, null);
        }

        foreach (var error in postgres.FindErrors())
            settings.Reject(DatabaseUrl, error);
        foreach (var (name, options) in further)
        {
            if (!PostgresUrl.TryParse(options.Url, out _, out var wrong))
                settings.Reject(FurtherDatabases, $"{name} {wrong}");
        }

        return new StoreSettings(null, postgres) { Further = further };
    }

    private static IReadOnlyDictionary<string, string> ReadFurther(MemorySettings settings) =>
        settings.Read<IReadOnlyDictionary<string, string>>(
        new SettingDefinition(
            FurtherDatabases, null, string.Empty,
            $"NAME=postgres://… NAME=postgres://…, 1 to {FurtherMax}, each name 1 to {NameLengthMax} of a-z, 0-9 and -, once, and not "
            + $"{TenantDatabase.Home}",
            "Further PostgreSQL databases that tenants are in, separated by blanks; MEMORY_DATABASE_URL is the one called home.",
            Secret: true),
        new Dictionary<string, string>(),
        static (string text, out IReadOnlyDictionary<string, string> value) =>
        {
            var found = new Dictionary<string, string>(StringComparer.Ordinal);
            value = found;
            foreach (var part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                var pair = part.Split('=', 2);
                if (pair.Length < 2 || !IsName(pair[0]) || !found.TryAdd(pair[0], pair[1]))
                    return false;
            }

            return found.Count is > 0 and <= FurtherMax;
        });

    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax && name != TenantDatabase.Home
        && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static int ReadPoolSize(MemorySettings settings, bool isPostgres)
    {
        var (standard, most) = isPostgres ? (8, 500) : (4, 64);
        return settings.Read(
            new SettingDefinition(
                PoolSize, "connections", string.Empty, "a whole number of connections from 1 to 64, with PostgreSQL to 500",
                "Connections kept open. Default: 4 for reads with SQLite, 8 for all with PostgreSQL."),
            standard,
            (string text, out int value) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= most);
    }

    private static SqliteStoreOptions ReadSqlite(MemorySettings settings, string url) => new()
    {
        Path = Path.GetFullPath(url[SqliteScheme.Length..]),
        CheckpointWalBytes = settings.Integer(
            "MEMORY_CHECKPOINT_MEGABYTES", 16, 1, 1_024, "MiB",
            "Size of SQLite's write-ahead log that starts a checkpoint.") * 1024L * 1024,
        Creation = settings.OneOf(
            "MEMORY_CREATE_DATABASE", "when-new", Creations,
            "Whether a SQLite file that is missing is made, empty: when-new where none was before, as its .identity file tells; always "
            + "is for one start."),
        IntegrityCheckPeriod = Seconds(
            settings, "MEMORY_INTEGRITY_CHECK_SECONDS", 86_400, 0, 2_592_000,
            "Time from one check of the whole SQLite file for damage to the next, the first right after a start; 0: never."),
        LockTimeout = Seconds(settings, "MEMORY_LOCK_SECONDS", 5, 0, 300,
        "How long a start waits for another process to release the SQLite file."),
    };

    private static PostgresStoreOptions ReadPostgres(MemorySettings settings, string url) => new()
    {
        Url = url,
        Schema = settings.Text("MEMORY_DATABASE_SCHEMA", "memory", "1 to 63 of a-z, 0-9 and _",
        "PostgreSQL schema the tables are in; made when missing.")!,
        MaxOverflow = settings.Integer(
            "MEMORY_DATABASE_MAX_OVERFLOW", 8, 0, 500, "connections", "PostgreSQL connections beyond the pool's, closed when idle."),
        CommitConnections = settings.Integer(
            "MEMORY_DATABASE_COMMIT_CONNECTIONS", 4, 1, 64, "connections",
            "Of all PostgreSQL connections, those kept for commits: as many tenants commit at once."),
        ConnectionLifetime = Seconds(
            settings, "MEMORY_DATABASE_CONNECTION_LIFETIME_SECONDS", 1_800, 0, 86_400,
            "Age at which a PostgreSQL connection is replaced; 0: never."),
        KeepAlive = Seconds(settings, "MEMORY_DATABASE_KEEPALIVE_SECONDS", 30, 0, 3_600,
        "Time between probes of idle PostgreSQL connections; 0: none."),
        ConnectTimeout = Seconds(
            settings, "MEMORY_DATABASE_CONNECT_TIMEOUT_SECONDS", 3, 1, 60,
            "How long connecting to PostgreSQL, or waiting for a free connection, may take."),
        CommandTimeout = Seconds(
            settings, "MEMORY_DATABASE_COMMAND_TIMEOUT_SECONDS", 5, 1, 300,
            "How long a read or a transaction in PostgreSQL may take, waiting for locks included."),
        VectorExactMax = settings.Integer(
            "MEMORY_VECTOR_EXACT_MAX", 20_000, 0, 1_000_000, "vectors",
            "Neural vectors of a tenant, or of the user asked for, up to which each search compares all of them; beyond it a tenant "
            + "gets an approximate index. PostgreSQL only."),
        VectorBuildMegabytes = settings.Integer(
            "MEMORY_VECTOR_BUILD_MEGABYTES", 256, 64, 65_536, "MiB",
            "Memory of the PostgreSQL server in which an approximate index is built; beyond it the build slows down."),
    };

    private static TimeSpan Seconds(MemorySettings settings, string name, int standard, int least, int most, string description) =>
        TimeSpan.FromSeconds(settings.Integer(name, standard, least, most, "seconds", description));
}
