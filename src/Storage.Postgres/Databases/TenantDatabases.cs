using System.Collections.Concurrent;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Which database each tenant is in. The directory is a table of the home database; what is read there once holds for as long as the
/// process lives, since a tenant stays where it was placed. A tenant that is not in it is new: it is read from the home database,
/// where there is nothing of it, and placed with its first write.
/// </summary>
internal sealed class TenantDatabases(OpenDatabase home, IReadOnlyList<OpenDatabase> all, TimeProvider clock)
{
    /// <summary>Databases whose sizes are alike count as equally full: what differs between empty ones is noise.</summary>
    private const long SizeStep = 64L * 1024 * 1024;

    /// <summary>Sizes are asked for no more often; meanwhile tenants are counted.</summary>
    private static readonly TimeSpan SizeHolds = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, OpenDatabase> known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim measuring = new(1, 1);
    private IReadOnlyDictionary<OpenDatabase, long> sizes = new Dictionary<OpenDatabase, long>();
    private long sizedAt;

    /// <summary>Reads the whole directory, so that tenants elsewhere are found without the home database from now on.</summary>
    /// <exception cref="StoreServerUnfitException">A tenant is in a database that no setting names.</exception>
    public async Task LoadAsync(CancellationToken cancel)
    {
        foreach (var (tenant, name) in await home.Store.ListPlacementsAsync(cancel))
            known[tenant] = Named(name);
    }

    /// <summary>The tenant's database, as far as it is known here already.</summary>
    public OpenDatabase? TryFind(string tenant) => known.GetValueOrDefault(tenant);

    /// <summary>Where the tenant is to be read.</summary>
    /// <exception cref="StoreUnavailableException">The home database cannot be asked.</exception>
    public ValueTask<OpenDatabase> FindAsync(string tenant, CancellationToken cancel) =>
        known.TryGetValue(tenant, out var database) ? new(database) : AskAsync(tenant, cancel);

    /// <summary>Where the tenant is to be written; it has a place from now on.</summary>
    /// <exception cref="StoreUnavailableException">The home database cannot be asked, or no database can take a new tenant.</exception>
    public ValueTask<OpenDatabase> PlaceAsync(string tenant, CancellationToken cancel) =>
        known.TryGetValue(tenant, out var database) ? new(database) : new(ChooseAsync(tenant, wanted: null, cancel));

    /// <summary>Places a tenant where an operator says, unless it is somewhere already; where it is then.</summary>
    public async Task<OpenDatabase> PlaceAsync(string tenant, OpenDatabase wanted, CancellationToken cancel) =>
        known.TryGetValue(tenant, out var database) ? database : await ChooseAsync(tenant, wanted, cancel);

    /// <summary>The database of a tenant, or null while it has none.</summary>
    public async Task<OpenDatabase?> LookUpAsync(string tenant, CancellationToken cancel)
    {
        if (known.TryGetValue(tenant, out var database))
            return database;
        if (await home.Store.FindPlacementAsync(tenant, cancel) is { } name)
            return known[tenant] = Named(name);
        return await home.Store.HoldsAsync(tenant, cancel) ? home : null;
    }

    /// <exception cref="StoreServerUnfitException">No setting names it.</exception>
    private OpenDatabase Named(string name) => all.FirstOrDefault(each => each.Name == name)
        ?? throw new StoreServerUnfitException($"Tenants are in a database '{name}' that MEMORY_DATABASES does not name.");

    private async ValueTask<OpenDatabase> AskAsync(string tenant, CancellationToken cancel) =>
        await home.Store.FindPlacementAsync(tenant, cancel) is { } name ? known[tenant] = Named(name) : home;

    private async Task<OpenDatabase> ChooseAsync(string tenant, OpenDatabase? wanted, CancellationToken cancel)
    {
        var store = home.Store;
        if (await store.FindPlacementAsync(tenant, cancel) is not { } name)
        {
            var chosen = await store.HoldsAsync(tenant, cancel) ? home : wanted ?? await FindEmptiestAsync(cancel);
            await store.PlaceAsync(tenant, chosen.Name, cancel);
            // Another process may have been faster.
            name = await store.FindPlacementAsync(tenant, cancel) ?? chosen.Name;
        }

        return known[tenant] = Named(name);
    }

    private async Task<OpenDatabase> FindEmptiestAsync(CancellationToken cancel)
    {
        var counts = (await home.Store.CountPlacementsAsync(cancel)).ToDictionary(static each => each.Name, static each => each.Value, StringComparer.Ordinal);
        var bytes = await MeasureAsync(cancel);
        return all.Where(each => each.IsUp && bytes.ContainsKey(each))
            .OrderBy(each => bytes[each] / SizeStep).ThenBy(each => counts.GetValueOrDefault(each.Name)).FirstOrDefault()
            ?? throw new StoreUnavailableException("No database can take a new tenant at the moment.");
    }

    private async Task<IReadOnlyDictionary<OpenDatabase, long>> MeasureAsync(CancellationToken cancel)
    {
        await measuring.WaitAsync(cancel);
        try
        {
            if (sizes.Count < all.Count || clock.GetElapsedTime(sizedAt) > SizeHolds)
            {
                var measured = new Dictionary<OpenDatabase, long>();
                foreach (var each in all)
                {
                    if (await each.TryAskAsync(static (store, token) => store.MeasureAsync(token), cancel) is (true, var size))
                        measured[each] = size;
                }

                (sizes, sizedAt) = (measured, clock.GetTimestamp());
            }

            return sizes;
        }
        finally
        {
            measuring.Release();
        }
    }
}
