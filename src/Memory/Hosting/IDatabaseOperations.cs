namespace MemoryOrleans.Hosting;

/// <summary>One of the databases that tenants are in.</summary>
/// <param name="Name"><c>home</c>, or the name that MEMORY_DATABASES gives it.</param>
/// <param name="Tenants">Tenants placed there; those of <c>home</c> from before there were several are not counted.</param>
/// <param name="Bytes">Its size on the server's disk; null when it cannot be reached, or is a file.</param>
/// <param name="Fault">Why it cannot be used just now; null when it can.</param>
public sealed record TenantDatabase(string Name, long Tenants, long? Bytes, string? Fault)
{
    /// <summary>The database that has the directory of tenants, and all of them where nothing else is set.</summary>
    public const string Home = "home";
}

/// <summary>How far the move of a tenant is.</summary>
public enum MoveState
{
    /// <summary>What there is is copied; reads and writes go on.</summary>
    Copying,

    /// <summary>Writes are refused for the last rows.</summary>
    Holding,

    /// <summary>The tenant is in its new database; what is left in the old one is removed.</summary>
    Switched,

    Done,

    /// <summary>The tenant is where it was.</summary>
    Failed,
}

/// <summary>A tenant's newest move from one database to another.</summary>
/// <param name="Rows">Rows copied so far.</param>
/// <param name="HeldFrom">When writes were first refused; null before.</param>
/// <param name="HeldUntil">When they were taken again; null before.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record TenantMove(
    string Tenant, string Source, string Target, MoveState State, long Rows, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    DateTimeOffset? HeldFrom,
    DateTimeOffset? HeldUntil, string? Error);

/// <summary>The databases that tenants are in, and which tenant is in which.</summary>
public interface IDatabaseOperations
{
    /// <summary>All of them, <c>home</c> first, each asked just now.</summary>
    Task<IReadOnlyList<TenantDatabase>> ListDatabasesAsync(CancellationToken cancel);

    /// <summary>The database of a tenant; null: it has none yet, and gets one with its first write. StoreUnavailable.</summary>
    Task<Outcome<string?>> FindDatabaseAsync(string tenant, CancellationToken cancel);

    /// <summary>
    /// Gives a tenant that is new a database. InvalidInput on <c>database</c> when there is none of the name; Conflict when the tenant is
    /// in another one; StoreUnavailable.
    /// </summary>
    Task<Outcome<string>> PlaceTenantAsync(string tenant, string database, CancellationToken cancel);

    /// <summary>
    /// Begins to move a tenant; it goes on when the call is over. InvalidInput on <c>database</c> when there is none of the name; NotFound
    /// when nothing of the tenant has been written; Conflict when it is there already, or on its way; StoreUnavailable.
    /// </summary>
    Task<Outcome<TenantMove>> MoveTenantAsync(string tenant, string database, CancellationToken cancel);

    /// <summary>The tenant's newest move. NotFound; StoreUnavailable.</summary>
    Task<Outcome<TenantMove>> FindMoveAsync(string tenant, CancellationToken cancel);
}

/// <summary>A store that is one database, or one file.</summary>
public sealed class OneDatabase(IHostOperations operations) : IDatabaseOperations
{
    private static readonly MemoryError NoOther =
        new(ErrorCode.InvalidInput, "There is one database only, home; MEMORY_DATABASES names further ones.", "database");

    public async Task<IReadOnlyList<TenantDatabase>> ListDatabasesAsync(CancellationToken cancel)
    {
        var store = (await operations.CheckHealthAsync(cancel)).First(static part => part.Name == "store");
        return [new TenantDatabase(TenantDatabase.Home, Tenants: 0, Bytes: null, store.Healthy ? null : store.Detail)];
    }

    public Task<Outcome<string?>> FindDatabaseAsync(string tenant, CancellationToken cancel) =>
        Task.FromResult<Outcome<string?>>(TenantDatabase.Home);

    public Task<Outcome<string>> PlaceTenantAsync(string tenant, string database, CancellationToken cancel) =>
        Task.FromResult<Outcome<string>>(
        database == TenantDatabase.Home
            ? database
            : NoOther);

    public Task<Outcome<TenantMove>> MoveTenantAsync(string tenant, string database, CancellationToken cancel) =>
        Task.FromResult<Outcome<TenantMove>>(NoOther);

    public Task<Outcome<TenantMove>> FindMoveAsync(string tenant, CancellationToken cancel) =>
        Task.FromResult<Outcome<TenantMove>>(new MemoryError(ErrorCode.NotFound, "The tenant was never moved."));
}
