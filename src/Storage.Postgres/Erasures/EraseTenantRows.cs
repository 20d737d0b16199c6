using MemoryOrleans.Erasures;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Tenancy;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Begins, advances and ends erasures of tenants. The fence keeps everybody else from writing the tenant's rows; what is done here is let
/// through. The tables are those that the catalogue knows, so that none is forgotten.
/// </summary>
internal sealed class EraseTenantRows(NpgsqlDataSource source)
{
    // No vectors' index is rebuilt and no event is told for what goes.
    private const string BindSql = """
        SELECT set_config('memory.tenant', $1, true), set_config('memory.erasing', $1, true), set_config('memory.quiet', 'on', true),
            set_config('statement_timeout', '60s', true), pg_advisory_xact_lock(hashtextextended('fence:' || $1, 0))
        """;

    private const string NewestSql = """
        SELECT e.id, e.requester, e.requester_tenant, e.requested_at, e.completed_at, e.rows_removed
        FROM tenant_erasures e WHERE e.tenant = $1 ORDER BY e.erasure_key DESC LIMIT 1
        """;

    private const string FenceSql = """
        WITH f AS (INSERT INTO fences (tenant, reason) VALUES ($1, 1) ON CONFLICT DO NOTHING RETURNING tenant) SELECT count(*) FROM f
        """;

    private const string DestroyKeySql = "UPDATE tenant_keys k SET wrapped = NULL WHERE k.tenant = $1 AND k.wrapped IS NOT NULL";

    private const string InsertSql = """
        INSERT INTO tenant_erasures (tenant, id, requester, requester_tenant, requested_at, rows_removed) VALUES ($1, $2, $3, $4, $5, $6)
        """;

    private const string AuditSql = """
        INSERT INTO audit (tenant, at, caller, action, subject, request_id, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string CountedSql =
        "SELECT e.rows_removed FROM tenant_erasures e WHERE e.tenant = $1 AND e.id = $2 AND e.completed_at IS NULL FOR UPDATE";

    private const string CountSql = "UPDATE tenant_erasures e SET rows_removed = $3 WHERE e.tenant = $1 AND e.id = $2";
    private const string CompleteSql =
        "UPDATE tenant_erasures e SET completed_at = $3 WHERE e.tenant = $1 AND e.id = $2 AND e.completed_at IS NULL";

    private const string RemoveWorkSql = $"DELETE FROM due d WHERE d.tenant = $1 AND d.kind = '{DueKinds.TenantErasure}'";
    private const string LiftSql = "DELETE FROM fences f WHERE f.tenant = $1 AND f.reason = 1";

    public static readonly TenantQuery<bool, TenantErasure?> Find = new(
        "find tenant erasure", NewestSql, static (_, _) => { },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel)
            ? new TenantErasure(rows.GetString(0), rows.GetString(1), rows.GetString(2), Timestamp.Read(rows.GetInt64(3)))
            {
                CompletedAt = rows.IsDBNull(4) ? null : Timestamp.Read(rows.GetInt64(4)),
                Rows = ErasedRowsColumn.Read(rows.GetString(5)),
            }
            : null);

    /// <summary>False while the tenant is being moved.</summary>
    public Task<bool> TryBeginAsync(string tenant, TenantErasure erasure, AuditEntry entry, CancellationToken cancel) => RunAsync(
        tenant,
        async connection =>
        {
            await using (var fence = Command(connection, FenceSql, tenant))
            {
                if (await fence.ExecuteScalarAsync(cancel) is 0L)
                    return false;
            }

            await using var destroy = Command(connection, DestroyKeySql, tenant);
            var destroyed = ErasedRowsColumn.Add([], [new ErasedRows("tenant_keys", await destroy.ExecuteNonQueryAsync(cancel))]);
            await using var insert = Command(
                connection, InsertSql, tenant, erasure.Id, erasure.Requester, erasure.RequesterTenant, Timestamp.Of(erasure.RequestedAt),
                ErasedRowsColumn.Of(destroyed));
            await insert.ExecuteNonQueryAsync(cancel);
            await AppendAsync(connection, tenant, entry, cancel);
            return true;
        },
        cancel);

    /// <summary>Removes about so many rows at most, those that others point at after those.</summary>
    public Task<long> RemoveAsync(string tenant, string id, int limit, CancellationToken cancel) => RunAsync(
        tenant,
        async connection =>
        {
            // Two processes may be at it, one of them by mistake.
            await using var counted = Command(connection, CountedSql, tenant, id);
            if (await counted.ExecuteScalarAsync(cancel) is not string before)
                return 0;
            var removed = new List<ErasedRows>();
            long left = limit;
            foreach (var (table, where) in await ListTablesAsync(connection, cancel))
            {
                if (left <= 0)
                    break;
                await using var delete = Command(
                    connection,
                    $"DELETE FROM {table.Name} r WHERE r.ctid = ANY (ARRAY (SELECT x.ctid FROM {table.Name} x WHERE {where} LIMIT $2))",
                    tenant, left);
                var count = await delete.ExecuteNonQueryAsync(cancel);
                left -= count;
                removed.Add(new ErasedRows(KindOf(table), count));
            }

            await using var note = Command(
                connection, CountSql, tenant, id, ErasedRowsColumn.Of(ErasedRowsColumn.Add(ErasedRowsColumn.Read(before), removed)));
            await note.ExecuteNonQueryAsync(cancel);
            return removed.Sum(static each => each.Count);
        },
        cancel);

    /// <summary>False when rows are left, or the erasure is not running.</summary>
    public Task<bool> CompleteAsync(string tenant, string id, DateTimeOffset at, AuditEntry entry, CancellationToken cancel) => RunAsync(
        tenant,
        async connection =>
        {
            foreach (var (table, where) in await ListTablesAsync(connection, cancel))
            {
                await using var look = Command(connection, $"SELECT EXISTS (SELECT FROM {table.Name} x WHERE {where})", tenant);
                if (await look.ExecuteScalarAsync(cancel) is true)
                    return false;
            }

            await using var complete = Command(connection, CompleteSql, tenant, id, Timestamp.Of(at));
            if (await complete.ExecuteNonQueryAsync(cancel) == 0)
                return false;
            foreach (var sql in new[] { RemoveWorkSql, LiftSql })
            {
                await using var remove = Command(connection, sql, tenant);
                await remove.ExecuteNonQueryAsync(cancel);
            }

            await AppendAsync(connection, tenant, entry, cancel);
            return true;
        },
        cancel);

    // But for tables of which something stays: the trail, the erasure, the number of the key. Those of the directory are not listed at all.
    // Vectors first: a trigger would take them with what they are of, and they would not be counted.
    private static async Task<IReadOnlyList<(TenantTable Table, string Where)>> ListTablesAsync(
        NpgsqlConnection connection, CancellationToken cancel) =>
    [
        .. (await TenantTable.ListAsync(connection, cancel)).Reverse()
            .OrderByDescending(static table => table.Name.Contains("vectors_", StringComparison.Ordinal))
            .Where(static table => table.Name is not ("audit" or "audit_anchors" or "tenant_erasures" or "tenant_keys"))
            .Select(static table => (table, table.Name == "due"
                ? $"x.tenant = $1 AND x.kind <> '{DueKinds.TenantErasure}'" : "x.tenant = $1")),
    ];

    /// <summary>The name under which rows of all spaces' tables of vectors are counted.</summary>
    private static string KindOf(TenantTable table) =>
        table.Name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') is var name && name.EndsWith('_') ? name[..^1] : table.Name;

    private static async Task AppendAsync(NpgsqlConnection connection, string tenant, AuditEntry entry, CancellationToken cancel)
    {
        await using var append = Command(
            connection, AuditSql, tenant, Timestamp.Of(entry.At), entry.Caller, entry.Action, entry.Subject, entry.RequestId,
            entry.Outcome);
        await append.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    /// <summary>Runs in one transaction that is bound to the tenant and that no other writer of the tenant is beside.</summary>
    private async Task<T> RunAsync<T>(string tenant, Func<NpgsqlConnection, Task<T>> run, CancellationToken cancel)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await using (var bind = Command(connection, BindSql, tenant))
                await bind.ExecuteNonQueryAsync(cancel);
            var answer = await run(connection);
            await transaction.CommitAsync(cancel);
            return answer;
        }
        catch (Exception error) when (Failures.IsUnavailable(error))
        {
            if (Failures.IsConnectionLost(error))
                source.Clear();
            throw new StoreUnavailableException("The database cannot be written at the moment.", error);
        }
    }
}
