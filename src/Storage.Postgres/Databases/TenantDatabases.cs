using System.Collections.Concurrent;
using MemoryOrleans.Hosting;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Which database each tenant is in. The directory is a table of the home database; what was read there is kept, and believed only
/// while the moves there are were looked at a moment ago. Where the home database cannot be asked, what is known is gone by: fences see
/// to it that nothing is written to where a tenant was. A tenant that is not in the directory is new: it is read from the home database,
/// where there is nothing of it, and placed with its first write.
/// </summary>
internal sealed class TenantDatabases(OpenDatabase home, IReadOnlyList<OpenDatabase> all, TimeProvider clock)
{
    /// <summary>Databases whose sizes are alike count as equally full: what differs between empty ones is noise.</summary>
    private const long SizeStep = 64L * 1024 * 1024;

    /// <summary>Sizes are asked for no more often; meanwhile tenants are counted.</summary>
    private static readonly TimeSpan SizeHolds = TimeSpan.FromSeconds(30);

    /// <summary>How long what is known is believed without looking at the moves again.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);

    /// <summary>Moves that ended longer ago are not looked at; who did not look for so long reads the whole directory again.</summary>
    private static readonly TimeSpan MovesKept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, OpenDatabase> known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim measuring = new(1, 1);
    private readonly Lock gate = new();
    private IReadOnlyDictionary<OpenDatabase, long> sizes = new Dictionary<OpenDatabase, long>();
    private long sizedAt;
    private long freshAt;
    private Task<IReadOnlyList<StoredMove>>? refreshing;

    /// <summary>Told of a move that this process could not end.</summary>
    public Action<string, Exception>? Unfinished { get; set; }

    /// <summary>Reads the whole directory, so that tenants elsewhere are found without the home database from now on.</summary>
    /// <exception cref="StoreServerUnfitException">A tenant is in a database that no setting names.</exception>
    public async Task LoadAsync(CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        foreach (var (tenant, name) in await home.Store.ListPlacementsAsync(cancel))
            known[tenant] = Named(name);
        Volatile.Write(ref freshAt, started);
    }

    /// <summary>Looks at the moves there are, and learns where their tenants are by now.</summary>
    public Task<IReadOnlyList<StoredMove>> RefreshAsync(CancellationToken cancel)
    {
        Task<IReadOnlyList<StoredMove>> looking;
        lock (gate)
            looking = refreshing is { IsCompleted: false } ? refreshing : refreshing = LookAsync();
        return looking.WaitAsync(cancel);
    }

    /// <summary>The tenant's database, as far as it is known here already.</summary>
    public OpenDatabase? TryFind(string tenant) => IsFresh ? known.GetValueOrDefault(tenant) : null;

    /// <summary>Where the tenant is to be read.</summary>
    /// <exception cref="StoreUnavailableException">The home database cannot be asked.</exception>
    public ValueTask<OpenDatabase> FindAsync(string tenant, CancellationToken cancel) =>
        TryFind(tenant) is { } database ? new(database) : AskAsync(tenant, cancel);

    /// <summary>Where the tenant is to be written; it has a place from now on.</summary>
    /// <exception cref="StoreUnavailableException">The home database cannot be asked, or no database can take a new tenant.</exception>
    public ValueTask<OpenDatabase> PlaceAsync(string tenant, CancellationToken cancel) =>
        TryFind(tenant) is { } database ? new(database) : new(ChooseAsync(tenant, wanted: null, cancel));

    /// <summary>Places a tenant where an operator says, unless it is somewhere already; where it is then.</summary>
    public Task<OpenDatabase> PlaceAsync(string tenant, OpenDatabase wanted, CancellationToken cancel) =>
        ChooseAsync(tenant, wanted, cancel);

    /// <summary>The database of a tenant, or null while it has none.</summary>
    public async Task<OpenDatabase?> LookUpAsync(string tenant, CancellationToken cancel)
    {
        await MakeFreshAsync(cancel);
        if (known.TryGetValue(tenant, out var database))
            return database;
        if (await home.Store.FindPlacementAsync(tenant, cancel) is { } name)
            return known.GetOrAdd(tenant, Named(name));
        return await home.Store.HoldsAsync(tenant, cancel) ? home : null;
    }

    /// <exception cref="StoreServerUnfitException">No setting names it.</exception>
    private OpenDatabase Named(string name) => all.FirstOrDefault(each => each.Name == name)
        ?? throw new StoreServerUnfitException($"Tenants are in a database '{name}' that MEMORY_DATABASES does not name.");

    private bool IsFresh => clock.GetElapsedTime(Volatile.Read(ref freshAt)) < FreshFor;

    private async ValueTask<OpenDatabase> AskAsync(string tenant, CancellationToken cancel)
    {
        await MakeFreshAsync(cancel);
        if (known.TryGetValue(tenant, out var database))
            return database;
        return await home.Store.FindPlacementAsync(tenant, cancel) is { } name ? known.GetOrAdd(tenant, Named(name)) : home;
    }

    private async Task MakeFreshAsync(CancellationToken cancel)
    {
        if (!IsFresh)
            await home.TryAskAsync((_, token) => RefreshAsync(token), cancel);
    }

    // Fresh as of the moment before it was asked.
    private async Task<IReadOnlyList<StoredMove>> LookAsync()
    {
        var started = clock.GetTimestamp();
        if (clock.GetElapsedTime(Volatile.Read(ref freshAt)) > MovesKept / 2)
            await LoadAsync(CancellationToken.None);
        var moves = await home.Store.ListMovesAsync(clock.GetUtcNow() - MovesKept, CancellationToken.None);
        foreach (var (move, _, _) in moves)
            known[move.Tenant] = Named(move.State is MoveState.Switched or MoveState.Done ? move.Target : move.Source);
        Volatile.Write(ref freshAt, started);
        return moves;
    }

    private async Task<OpenDatabase> ChooseAsync(string tenant, OpenDatabase? wanted, CancellationToken cancel)
    {
        await MakeFreshAsync(cancel);
        if (known.TryGetValue(tenant, out var present))
            return present;
        var store = home.Store;
        if (await store.FindPlacementAsync(tenant, cancel) is not { } name)
        {
            var chosen = await store.HoldsAsync(tenant, cancel) ? home : wanted ?? await FindEmptiestAsync(cancel);
            await store.PlaceAsync(tenant, chosen.Name, cancel);
            // Another process may have been faster.
            name = await store.FindPlacementAsync(tenant, cancel) ?? chosen.Name;
        }

        // Not in the place of what a look at the moves has found meanwhile.
        return known.GetOrAdd(tenant, Named(name));
    }

    private async Task<OpenDatabase> FindEmptiestAsync(CancellationToken cancel)
    {
        var counts = (await home.Store.CountPlacementsAsync(cancel))
            .ToDictionary(static each => each.Name, static each => each.Value, StringComparer.Ordinal);
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
