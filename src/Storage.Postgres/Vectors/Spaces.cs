using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Opens, activates and drops spaces: one process at a time, under the migrations' lock. Opening and dropping also lock the
/// tables memories, sessions and graph_entities for a moment, the first two in the order in which a commit that distils writes to them.
/// Every commit and deletion writes to one before it looks which spaces there are, so each comes wholly before a change of the spaces, and
/// then a fill finds its turns, memories and entities, or wholly after it.
/// </summary>
internal sealed class Spaces(TenantReads connections)
{
    private const string Columns = "SELECT id, model, dimensions, state, created_at FROM spaces";
    private const string ListSql = $"{Columns} ORDER BY id";
    private const string FindLivingSql = $"{Columns} WHERE model = $1 AND dimensions = $2 AND state < 2";
    private const string FindSql = $"{Columns} WHERE id = $1";
    private const string AnyActiveSql = "SELECT EXISTS (SELECT FROM spaces WHERE state = 1)";

    /// <summary>Longer than commits may take by default; a vacuum in the way ends in "unavailable" instead of holding commits up.</summary>
    private const string BeginSql = "SET LOCAL statement_timeout = '30s'; SET LOCAL lock_timeout = '6s'";

    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";
    private const string LockSessionsSql = "LOCK TABLE memories, sessions, graph_entities IN SHARE MODE";

    private const string InsertSql = """
        INSERT INTO spaces (model, dimensions, state, created_at) VALUES ($1, $2, $3, $4) RETURNING id, model, dimensions, state, created_at
        """;

    private const string AdoptSql = """
        INSERT INTO spaces (id, model, dimensions, state, created_at) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5)
        """;

    private const string StateSql = "UPDATE spaces SET state = $2 WHERE id = $1";

    private const string TenantsSql = $"""
        SELECT coalesce(array_agg(n.tenant ORDER BY n.tenant), '{"{}"}')
        FROM (SELECT o.tenant FROM ({PlacementQueries.TenantsSql}) o UNION SELECT g.tenant FROM graph_tenants g) n
        """;

    private const string BecomeWorkerSql = $"SET LOCAL ROLE {WorkerWrites.WorkerRole}";
    private const string BecomeSelfSql = "SET LOCAL ROLE NONE";
    private const string WakeTenantsSql = "SELECT wake_tenants_1($1, $2, $3)";
    private const string ForgetKindsSql = "SELECT forget_kinds_1($1, $2)";
    private const string RetireOthersSql = "UPDATE spaces SET state = 2 WHERE state = 1 AND id <> $1";
    private const string ActivateSql = "UPDATE spaces SET state = 1 WHERE id = $1";
    private const string RemoveSql = "DELETE FROM spaces WHERE id = $1";

    public ValueTask<IReadOnlyList<VectorSpace>> ListAsync(CancellationToken cancel) =>
        connections.UseAsync(static async (connection, token) => (IReadOnlyList<VectorSpace>)await QueryAsync(connection, ListSql, token),
        cancel);

    /// <exception cref="StoreServerUnfitException">pgvector is missing or too old.</exception>
    public ValueTask<VectorSpace> OpenAsync(string model, int dimensions, bool othersFill, DateTimeOffset now, CancellationToken cancel) =>
        connections.UseAsync(
            async (connection, token) =>
            {
                if (await FindLivingAsync(connection, model, dimensions, token) is { } open)
                    return open;
                await VectorExtension.EnsureAsync(connection, token);
                return await LockedAsync(
                    connection, locksSessions: true, () => OpenLockedAsync(connection, model, dimensions, othersFill, now, token), token);
            },
            cancel);

    public ValueTask<bool> ActivateAsync(int id, CancellationToken cancel) => connections.UseAsync(
        (connection, token) => LockedAsync(
            connection,
            locksSessions: false,
            async () =>
            {
                if (await FindAsync(connection, id, token) is not { State: not VectorSpaceState.Retired })
                    return false;
                await ExecuteAsync(connection, RetireOthersSql, token, Parameter(id));
                await ExecuteAsync(connection, ActivateSql, token, Parameter(id));
                return true;
            },
            token),
        cancel);

    public ValueTask<bool> DropAsync(int id, CancellationToken cancel) => connections.UseAsync(
        (connection, token) => LockedAsync(
            connection,
            locksSessions: true,
            async () =>
            {
                if (await FindAsync(connection, id, token) is not { State: VectorSpaceState.Retired })
                    return false;
                await RemoveAsync(connection, id, token);
                return true;
            },
            token),
        cancel);

    /// <summary>Whether there is a tenant that a space would be filled for.</summary>
    public ValueTask<bool> AnyTenantAsync(CancellationToken cancel) => connections.UseAsync(
        static async (connection, token) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(token);
            return (await ListTenantsAsync(connection, token)).Length > 0;
        },
        cancel);

    /// <summary>
    /// Makes what is here what <paramref name="leading"/> says: another database's spaces, whose ids count in all of them.
    /// </summary>
    /// <exception cref="StoreServerUnfitException">pgvector is missing or too old, or an id stands for another model here.</exception>
    public async ValueTask FollowAsync(IReadOnlyList<VectorSpace> leading, DateTimeOffset now, CancellationToken cancel)
    {
        var own = await ListAsync(cancel);
        if (own.Select(static space => space with { CreatedAt = default }).ToHashSet()
            .SetEquals(leading.Select(static space => space with { CreatedAt = default })))
            return;
        await connections.UseAsync(
            async (connection, token) =>
            {
                if (leading.Count > 0)
                    await VectorExtension.EnsureAsync(connection, token);
                return await LockedAsync(connection, locksSessions: true, () => FollowLockedAsync(connection, leading, now, token), token);
            },
            cancel);
    }

    private static async Task<bool> FollowLockedAsync(
        NpgsqlConnection connection, IReadOnlyList<VectorSpace> leading, DateTimeOffset now, CancellationToken cancel)
    {
        var own = (await QueryAsync(connection, ListSql, cancel)).ToDictionary(static space => space.Id);
        foreach (var gone in own.Keys.Except(leading.Select(static space => space.Id)).ToArray())
            await RemoveAsync(connection, gone, cancel);
        // States first where a space is left: no two may be active, or of one model and living, at a time.
        foreach (var space in leading.OrderByDescending(static space => space.State == VectorSpaceState.Retired))
        {
            if (!own.TryGetValue(space.Id, out var here))
                await AdoptAsync(connection, space, now, cancel);
            else if ((here.Model, here.Dimensions) != (space.Model, space.Dimensions))
                throw new StoreServerUnfitException(
                    $"The database has a space {here.Id} of {here.Model}, which elsewhere is one of {space.Model}: it belongs to "
                    + $"another memory.");
            else if (here.State != space.State)
                await ExecuteAsync(connection, StateSql, cancel, Parameter(space.Id), Parameter((short)space.State));
        }

        return true;
    }

    private static async Task AdoptAsync(NpgsqlConnection connection, VectorSpace space, DateTimeOffset now, CancellationToken cancel)
    {
        var tenants = await ListTenantsAsync(connection, cancel);
        await ExecuteAsync(
            connection, AdoptSql, cancel,
            Parameter(space.Id), Parameter(space.Model), Parameter(space.Dimensions), Parameter((short)space.State),
            Parameter(Timestamp.Of(space.CreatedAt)));
        await ExecuteAsync(connection, SpaceTable.CreateSql(space), cancel);
        if (tenants.Length > 0 && space.State != VectorSpaceState.Retired)
            await ExecuteAsync(connection, WakeTenantsSql, cancel, Parameter(tenants), Parameter(DueKinds.Fill(space.Id)),
                Parameter(Timestamp.Of(now)));
    }

    private static async Task RemoveAsync(NpgsqlConnection connection, int id, CancellationToken cancel)
    {
        await ExecuteAsync(connection, RemoveSql, cancel, Parameter(id));
        await ExecuteAsync(connection, SpaceTable.DropSql(id), cancel);
        string[] kinds = [.. DueKinds.OfSpace(id)];
        await ExecuteAsync(connection, ForgetKindsSql, cancel, Parameter(await ListTenantsAsync(connection, cancel)), Parameter(kinds));
    }

    private static async Task<VectorSpace> OpenLockedAsync(
        NpgsqlConnection connection, string model, int dimensions, bool othersFill, DateTimeOffset now, CancellationToken cancel)
    {
        if (await FindLivingAsync(connection, model, dimensions, cancel) is { } open)
            return open;
        var tenants = await ListTenantsAsync(connection, cancel);
        await using var anyActive = new NpgsqlCommand(AnyActiveSql, connection);
        var fills = othersFill || tenants.Length > 0 || await anyActive.ExecuteScalarAsync(cancel) is true;
        var state = (short)(fills ? VectorSpaceState.Filling : VectorSpaceState.Active);
        var space = (await QueryAsync(
            connection, InsertSql, cancel, Parameter(model), Parameter(dimensions), Parameter(state), Parameter(Timestamp.Of(now))))[0];
        await ExecuteAsync(connection, SpaceTable.CreateSql(space), cancel);
        if (tenants.Length > 0)
            await ExecuteAsync(connection, WakeTenantsSql, cancel, Parameter(tenants), Parameter(DueKinds.Fill(space.Id)),
                Parameter(Timestamp.Of(now)));
        return space;
    }

    private static async Task<T> LockedAsync<T>(
        NpgsqlConnection connection, bool locksSessions, Func<Task<T>> change, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, BeginSql, cancel);
        await ExecuteAsync(connection, LockSql, cancel, Parameter(Schema.LockKey));
        if (locksSessions)
            await ExecuteAsync(connection, LockSessionsSql, cancel);
        var answer = await change();
        await transaction.CommitAsync(cancel);
        return answer;
    }

    private static async Task<string[]> ListTenantsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await ExecuteAsync(connection, BecomeWorkerSql, cancel);
        await using var command = new NpgsqlCommand(TenantsSql, connection);
        var tenants = (string[])(await command.ExecuteScalarAsync(cancel))!;
        await ExecuteAsync(connection, BecomeSelfSql, cancel);
        return tenants;
    }

    private static async Task<VectorSpace?> FindLivingAsync(
        NpgsqlConnection connection, string model, int dimensions, CancellationToken cancel) =>
        (await QueryAsync(connection, FindLivingSql, cancel, Parameter(model), Parameter(dimensions))).FirstOrDefault();

    private static async Task<VectorSpace?> FindAsync(NpgsqlConnection connection, int id, CancellationToken cancel) =>
        (await QueryAsync(connection, FindSql, cancel, Parameter(id))).FirstOrDefault();

    private static async Task<List<VectorSpace>> QueryAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var spaces = new List<VectorSpace>();
        while (await rows.ReadAsync(cancel))
            spaces.Add(new VectorSpace(rows.GetInt32(0), rows.GetString(1), rows.GetInt32(2), (VectorSpaceState)rows.GetInt16(3),
                Timestamp.Read(rows.GetInt64(4))));
        return spaces;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlParameter Parameter<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };
}
