using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// The store over several PostgreSQL databases. Each tenant is in one of them, wholly; what is asked of a tenant goes there, what is
/// asked of all, as due work, to each. A database that cannot be reached stops its own tenants: their reads throw
/// <see cref="StoreUnavailableException"/>, their writes answer <see cref="CommitStatus.Unavailable"/>, and the rest goes on.
/// </summary>
public sealed partial class RoutedStore : ISessionStore, IRecallFeed, ITenantStore, IDueStore, IVectorStore, IGraphStore, IMemoryStore,
    IErasureStore,
    IAuditStore, ITransferStore, IEventStore, IDatabaseOperations, IAsyncDisposable
{
    private readonly IReadOnlyList<OpenDatabase> databases;
    private readonly OpenDatabase home;
    private readonly TenantDatabases tenants;
    private readonly DatabaseMeters meters;
    private readonly StoredMoves moves;
    private readonly RoutedFeed turns;

    // Of each tenant whose writes wait for its database to be found or opened: when the last of them has been handed on.
    private readonly Dictionary<string, Task> waiting = new(StringComparer.Ordinal);
    private int turn;

    private RoutedStore(PostgresStoreOptions homeOptions, IReadOnlyDictionary<string, PostgresStoreOptions> further, TimeProvider clock,
        MovePace pace)
    {
        home = new OpenDatabase(TenantDatabase.Home, homeOptions with { Database = TenantDatabase.Home }, clock,
            static (_, _) => Task.CompletedTask);
        databases =
        [
            home,
            .. further.Select(each => new OpenDatabase(
                each.Key, each.Value with { Database = each.Key }, clock, (store, cancel) => PrepareAsync(each.Key, store, cancel))),
        ];
        tenants = new TenantDatabases(home, databases, clock) { Unfinished = (tenant, failure) => MoveUnfinished?.Invoke(tenant, failure) };
        moves = new StoredMoves(home, databases, tenants, clock, pace);
        meters = new DatabaseMeters(databases);
        turns = new RoutedFeed(this, static store => store);
        MemoryFeed = new RoutedFeed(this, static store => store.MemoryFeed);
        Documents = new RoutedFeed(this, static store => ((IGraphStore)store).Documents);
    }

    /// <summary>
    /// Connects to the home database, brings its schema and that of every other one that can be reached up to this release, and reads
    /// which tenant is where. Throws as <see cref="PostgresStore.OpenAsync"/> does, of a further database only what waiting does not mend.
    /// </summary>
    /// <param name="further">The databases besides, by name.</param>
    /// <exception cref="StoreServerUnfitException">A further database belongs to another memory, or one that has tenants is not
    /// named.</exception>
    public static Task<RoutedStore> OpenAsync(
        PostgresStoreOptions homeOptions, IReadOnlyDictionary<string, PostgresStoreOptions> further, TimeProvider clock,
        CancellationToken cancel = default) =>
        OpenAsync(homeOptions, further, clock, MovePace.Default, cancel);

    internal static async Task<RoutedStore> OpenAsync(
        PostgresStoreOptions homeOptions, IReadOnlyDictionary<string, PostgresStoreOptions> further, TimeProvider clock, MovePace pace,
        CancellationToken cancel = default)
    {
        var routed = new RoutedStore(homeOptions, further, clock, pace);
        try
        {
            await routed.home.OpenAsync(cancel);
            await routed.tenants.LoadAsync(cancel);
            foreach (var each in routed.databases)
                await each.TryAskAsync(static (_, _) => Task.FromResult(true), cancel);
            routed.moves.Start();
            return routed;
        }
        catch
        {
            await routed.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        meters.Dispose();
        await moves.DisposeAsync();
        foreach (var each in databases)
            await each.DisposeAsync();
    }

    /// <summary>Told of the tenant whose move this process could not end, and why; another attempt follows within two minutes.</summary>
    public Action<string, Exception>? MoveUnfinished { get; set; }

    public async Task<IReadOnlyList<TenantDatabase>> ListDatabasesAsync(CancellationToken cancel)
    {
        var (_, counted) = await home.TryAskAsync(static (store, token) => store.CountPlacementsAsync(token), cancel);
        var counts = (counted ?? []).ToDictionary(static each => each.Name, static each => each.Value, StringComparer.Ordinal);
        return await Task.WhenAll(databases.Select(async each =>
        {
            var fault = await each.FindFaultAsync(cancel);
            var (isMeasured, bytes) = fault is null ? await each.TryAskAsync(static (store, token) => store.MeasureAsync(token), cancel)
                : (false, 0);
            return new TenantDatabase(each.Name, counts.GetValueOrDefault(each.Name), isMeasured ? bytes : null, fault);
        }));
    }

    public async Task<Outcome<string?>> FindDatabaseAsync(string tenant, CancellationToken cancel)
    {
        try
        {
            return (await tenants.LookUpAsync(tenant, cancel))?.Name;
        }
        catch (StoreUnavailableException away)
        {
            return Unavailable(away);
        }
    }

    public async Task<Outcome<string>> PlaceTenantAsync(string tenant, string database, CancellationToken cancel)
    {
        if (databases.FirstOrDefault(each => each.Name == database) is not { } wanted)
            return NoSuchDatabase();
        try
        {
            var placed = await tenants.PlaceAsync(tenant, wanted, cancel);
            return placed == wanted
                ? placed.Name
                : new MemoryError(ErrorCode.Conflict, $"The tenant is in the database {placed.Name} already.", "database");
        }
        catch (StoreUnavailableException away)
        {
            return Unavailable(away);
        }
    }

    public async Task<Outcome<TenantMove>> MoveTenantAsync(string tenant, string database, CancellationToken cancel)
    {
        if (databases.FirstOrDefault(each => each.Name == database) is not { } target)
            return NoSuchDatabase();
        try
        {
            if (await tenants.LookUpAsync(tenant, cancel) is not { } source)
                return new MemoryError(ErrorCode.NotFound, "Nothing of the tenant has been written; it can be placed.");
            if (source == target)
                return new MemoryError(ErrorCode.Conflict, $"The tenant is in the database {target.Name} already.", "database");
            if (await (await source.OpenAsync(cancel)).FindTenantErasureAsync(tenant, cancel) is { IsDone: false })
                return new MemoryError(ErrorCode.Conflict, "The tenant is being erased.");
            return await moves.BeginAsync(tenant, source, target, cancel);
        }
        catch (StoreUnavailableException away)
        {
            return Unavailable(away);
        }
    }

    public async Task<Outcome<TenantMove>> FindMoveAsync(string tenant, CancellationToken cancel)
    {
        try
        {
            return await home.Store.FindMoveAsync(tenant, cancel) is { } found
                ? found.Move
                : new MemoryError(ErrorCode.NotFound, "The tenant was never moved.");
        }
        catch (StoreUnavailableException away)
        {
            return Unavailable(away);
        }
    }

    internal async ValueTask<PostgresStore> ToReadAsync(string tenant, CancellationToken cancel) =>
        await (await tenants.FindAsync(tenant, cancel)).OpenAsync(cancel);

    private MemoryError NoSuchDatabase() =>
        new(ErrorCode.InvalidInput,
        $"There is no such database; there are {string.Join(", ", databases.Select(static each => each.Name))}.", "database");

    private static MemoryError Unavailable(StoreUnavailableException away) =>
        new(ErrorCode.StoreUnavailable, away.Message, RetryAfter: TimeSpan.FromSeconds(1));

    private async ValueTask<PostgresStore> ToWriteAsync(string tenant, CancellationToken cancel) =>
        await (await tenants.PlaceAsync(tenant, cancel)).OpenAsync(cancel);

    /// <summary>
    /// A write that answers by a status does so as well when its database is out of reach. Writes of a tenant are handed on in the order
    /// in which they came, also while its database is still looked for: callers send the next before the one before is durable.
    /// </summary>
    private Task<CommitStatus> CommitInAsync(
        string tenant, Func<PostgresStore, Task<CommitStatus>> commit, CancellationToken cancel = default)
    {
        lock (waiting)
        {
            if (!waiting.TryGetValue(tenant, out var before) && tenants.TryFind(tenant) is { IsOpen: true } database)
                return commit(database.Store);
            var handedOn = new TaskCompletionSource();
            waiting[tenant] = handedOn.Task;
            return CommitAfterAsync(before ?? Task.CompletedTask, tenant, commit, handedOn, cancel);
        }
    }

    private async Task<CommitStatus> CommitAfterAsync(
        Task before, string tenant, Func<PostgresStore, Task<CommitStatus>> commit, TaskCompletionSource handedOn, CancellationToken cancel)
    {
        Task<CommitStatus> committing;
        try
        {
            await before;
            // Not on the caller's thread, which holds the lock.
            await Task.Yield();
            committing = commit(await ToWriteAsync(tenant, cancel));
        }
        catch (StoreUnavailableException)
        {
            return CommitStatus.Unavailable;
        }
        finally
        {
            lock (waiting)
            {
                if (waiting.TryGetValue(tenant, out var last) && last == handedOn.Task)
                    waiting.Remove(tenant);
            }

            handedOn.SetResult();
        }

        return await committing;
    }

    /// <summary>The answers of all databases that can be reached.</summary>
    /// <exception cref="StoreUnavailableException">None can be.</exception>
    private async Task<List<T>> AskEachAsync<T>(Func<PostgresStore, CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(databases.Select(each => each.TryAskAsync(ask, cancel)));
        var given = answers.Where(static each => each.IsAnswered).Select(static each => each.Answer!).ToList();
        return given.Count > 0 ? given : throw new StoreUnavailableException("None of the databases can be reached.");
    }

    /// <summary>Makes a further database ready: nobody else's, and with the spaces of vectors that the home database has.</summary>
    private async Task PrepareAsync(string name, PostgresStore store, CancellationToken cancel)
    {
        foreach (var tenant in await store.ListTenantsAsync(cancel))
        {
            if (await home.Store.FindPlacementAsync(tenant, cancel) == name)
                continue;
            // A move may have begun its copy here, or not removed it yet.
            if (await home.Store.FindMoveAsync(tenant, cancel) is not { Move.State: not MoveState.Done })
                throw new StoreServerUnfitException(
                    $"The database '{name}' has tenants that are not placed there, as '{tenant}': it belongs to another memory.");
        }

        await store.FollowSpacesAsync(await home.Store.ListSpacesAsync(cancel), cancel);
    }

    private async Task FollowSpacesAsync(CancellationToken cancel)
    {
        var spaces = await home.Store.ListSpacesAsync(cancel);
        foreach (var each in databases.Where(each => each != home))
        {
            await each.TryAskAsync(
                async (store, token) =>
                {
                    await store.FollowSpacesAsync(spaces, token);
                    return true;
                },
                cancel);
        }
    }
}
