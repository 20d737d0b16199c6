using MemoryOrleans.Storage.Sealing;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>The tenants' data keys in the database.</summary>
internal sealed class TenantKeyTable(TenantReads connections, WorkerWrites worker) : ITenantKeys
{
    private const string Columns = "k.tenant, k.number, k.master_id, k.wrapped";
    private const string ListSql = $"SELECT {Columns} FROM tenant_keys k WHERE k.tenant > $1 ORDER BY k.tenant LIMIT $2";

    private static readonly TenantQuery<bool, TenantKey?> Find = new(
        "find data key",
        $"SELECT {Columns} FROM tenant_keys k WHERE k.tenant = $1",
        static (_, _) => { },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? Read(rows) : null);

    private static readonly TenantQuery<TenantKey, bool> Keep = new(
        "keep data key",
        """
        INSERT INTO tenant_keys AS k (tenant, number, master_id, wrapped) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant) DO UPDATE SET number = excluded.number, master_id = excluded.master_id, wrapped = excluded.wrapped
        WHERE k.number < excluded.number
        """,
        Bind,
        static (_, _, _) => Task.FromResult(true));

    private static readonly TenantQuery<(TenantKey Before, TenantKey After), bool> Rewrap = new(
        "wrap data key anew",
        "UPDATE tenant_keys k SET master_id = $3, wrapped = $4 WHERE k.tenant = $1 AND k.number = $2 AND k.wrapped = $5 RETURNING k.number",
        static (parameters, change) =>
        {
            Bind(parameters, change.After);
            parameters.AddBytes(change.Before.Wrapped!);
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    private static readonly TenantQuery<bool, bool> Destroy = new(
        "destroy data key",
        "UPDATE tenant_keys k SET wrapped = NULL WHERE k.tenant = $1 AND k.wrapped IS NOT NULL RETURNING k.number",
        static (_, _) => { },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    public static IReadOnlyList<(string Name, string Sql)> All => [Find.Text, Rewrap.Text, Destroy.Text];

    public ValueTask<TenantKey?> FindKeyAsync(string tenant, CancellationToken cancel) =>
        connections.ReadPlainAsync(Find, tenant, true, cancel);

    public async Task<TenantKey> KeepKeyAsync(TenantKey key, CancellationToken cancel)
    {
        await connections.WriteAsync(Keep, key.Tenant, key, cancel);
        return (await FindKeyAsync(key.Tenant, cancel))!;
    }

    public async Task<bool> RewrapKeyAsync(TenantKey before, TenantKey after, CancellationToken cancel) =>
        await connections.WriteAsync(Rewrap, after.Tenant, (before, after), cancel);

    public async Task<bool> DestroyKeyAsync(string tenant, CancellationToken cancel) =>
        await connections.WriteAsync(Destroy, tenant, true, cancel);

    public async ValueTask<IReadOnlyList<TenantKey>> ListKeysAsync(string afterTenant, int limit, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(ListSql);
        command.Parameters.AddText(afterTenant);
        command.Parameters.AddBigint(limit);
        return await worker.RunAsWorkerAsync<IReadOnlyList<TenantKey>>(
            command,
            static async (rows, token) =>
            {
                var keys = new List<TenantKey>();
                while (await rows.ReadAsync(token))
                    keys.Add(Read(rows));
                return keys;
            },
            cancel);
    }

    private static void Bind(NpgsqlParameterCollection parameters, TenantKey key)
    {
        parameters.AddBigint(key.Number);
        parameters.AddText(key.MasterId);
        parameters.AddBytes(key.Wrapped!);
    }

    private static TenantKey Read(TenantRows rows) =>
        new(rows.GetString(0), rows.GetInt64(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetFieldValue<byte[]>(3));
}
