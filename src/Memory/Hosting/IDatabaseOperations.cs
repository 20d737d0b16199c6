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
}

/// <summary>A store that is one database, or one file.</summary>
public sealed class OneDatabase(IHostOperations operations) : IDatabaseOperations
{
    public async Task<IReadOnlyList<TenantDatabase>> ListDatabasesAsync(CancellationToken cancel)
    {
        var store = (await operations.CheckHealthAsync(cancel)).First(static part => part.Name == "store");
        return [new TenantDatabase(TenantDatabase.Home, Tenants: 0, Bytes: null, store.Healthy ? null : store.Detail)];
    }

    public Task<Outcome<string?>> FindDatabaseAsync(string tenant, CancellationToken cancel) =>
        Task.FromResult<Outcome<string?>>(TenantDatabase.Home);

    public Task<Outcome<string>> PlaceTenantAsync(string tenant, string database, CancellationToken cancel) => Task.FromResult<Outcome<string>>(
        database == TenantDatabase.Home
            ? database
            : new MemoryError(ErrorCode.InvalidInput, "There is one database only, home; MEMORY_DATABASES names further ones.", "database"));
}
