using MemoryOrleans.Hosting;
using MemoryOrleans.Recall.Vectors;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <content>What a store answers as one of several of an installation; the directory is asked of the home database only.</content>
public sealed partial class PostgresStore
{
    /// <summary>Makes sure that this database is the only one there is tenants in.</summary>
    /// <exception cref="StoreServerUnfitException">Its directory says that tenants are in others as well: alone it would show them
    /// empty.</exception>
    public async Task CheckAloneAsync(CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(PlacementQueries.ElsewhereSql);
        command.Parameters.AddText(TenantDatabase.Home);
        if ((await worker.RunAsWorkerAsync(command, PlacementQueries.ReadPairsAsync<string>, cancel)) is [var elsewhere, ..])
            throw new StoreServerUnfitException($"Tenants are in a database '{elsewhere.Name}' that MEMORY_DATABASES does not name.");
    }

    internal ValueTask<string?> FindPlacementAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(PlacementQueries.Find, tenant, true, cancel);

    internal async ValueTask PlaceAsync(string tenant, string database, CancellationToken cancel) =>
        await reads.WriteAsync(PlacementQueries.Place, tenant, (database, Timestamp.Of(clock.GetUtcNow())), cancel);

    /// <summary>True when this database holds anything of the tenant.</summary>
    internal ValueTask<bool> HoldsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(PlacementQueries.Holds, tenant, true, cancel);

    internal Task<IReadOnlyList<(string Name, string Value)>> ListPlacementsAsync(CancellationToken cancel) =>
        worker.RunAsWorkerAsync(new NpgsqlBatchCommand(PlacementQueries.AllSql), PlacementQueries.ReadPairsAsync<string>, cancel);

    internal Task<IReadOnlyList<(string Name, long Value)>> CountPlacementsAsync(CancellationToken cancel) =>
        worker.RunAsWorkerAsync(new NpgsqlBatchCommand(PlacementQueries.CountSql), PlacementQueries.ReadPairsAsync<long>, cancel);

    internal async ValueTask<StoredMove?> FindMoveAsync(string tenant, CancellationToken cancel) =>
        await reads.ReadPlainAsync(MoveQueries.Find, tenant, true, cancel);

    internal async ValueTask<bool> BeginMoveAsync(string tenant, string source, string target, string maker, CancellationToken cancel) =>
        await reads.WriteAsync(MoveQueries.Begin, tenant, (source, target, maker, Now()), cancel);

    internal async ValueTask<bool> NoteMoveAsync(string tenant, MoveStep step, CancellationToken cancel) =>
        await reads.WriteAsync(MoveQueries.Step, tenant, step, cancel);

    /// <summary>Puts the tenant into its new database; false when the move is not this maker's any more.</summary>
    internal async ValueTask<bool> SwitchAsync(string tenant, string maker, CancellationToken cancel) =>
        await reads.WriteAsync(MoveQueries.Switch, tenant, (maker, Now()), cancel);

    internal Task<bool> TakeMoveOverAsync(string tenant, string maker, TimeSpan silentFor, CancellationToken cancel) =>
        reads.WriteAsync(MoveQueries.TakeOver, tenant, (maker, Now(), Timestamp.Of(clock.GetUtcNow() - silentFor)), cancel).AsTask();

    /// <summary>Moves under way, and those that ended since.</summary>
    internal Task<IReadOnlyList<StoredMove>> ListMovesAsync(DateTimeOffset since, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(MoveQueries.RecentSql);
        command.Parameters.AddBigint(Timestamp.Of(since));
        return worker.RunAsWorkerAsync(command, MoveQueries.ReadAllAsync, cancel);
    }

    /// <summary>Tenants that have written turns or memories here.</summary>
    internal Task<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancel) => worker.RunAsWorkerAsync<IReadOnlyList<string>>(
        new NpgsqlBatchCommand(PlacementQueries.TenantsSql),
        static async (rows, token) =>
        {
            var names = new List<string>();
            while (await rows.ReadAsync(token))
                names.Add(rows.GetString(0));
            return names;
        },
        cancel);

    /// <summary>Bytes of the whole database on the server's disk.</summary>
    internal Task<long> MeasureAsync(CancellationToken cancel) => worker.RunAsWorkerAsync(
        new NpgsqlBatchCommand(PlacementQueries.SizeSql),
        static async (rows, token) => await rows.ReadAsync(token) ? rows.GetInt64(0) : 0,
        cancel);

    /// <summary>Makes the spaces of this database those of the home database: the same ids, models and states.</summary>
    /// <exception cref="StoreServerUnfitException">pgvector is missing, or another model's space has the id of one.</exception>
    internal ValueTask FollowSpacesAsync(IReadOnlyList<VectorSpace> home, CancellationToken cancel) =>
        spaces.FollowAsync(home, clock.GetUtcNow(), cancel);

    private long Now() => Timestamp.Of(clock.GetUtcNow());
}
