using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Runs a write in the store's queue and answers once it is durable; not while the tenant, where one is named, is being erased.
/// </summary>
internal delegate ValueTask<bool> WriteKey(string? tenant, Func<WriteTransaction, bool> write, CancellationToken cancel);

/// <summary>The tenants' data keys in the database.</summary>
internal sealed class TenantKeyTable(ReadPool reads, WriteKey writeAsync) : ITenantKeys
{
    private const string Columns = "SELECT tenant, number, master_id, wrapped FROM tenant_keys";
    private const string FindSql = $"{Columns} WHERE tenant = ?1";
    private const string ListSql = $"{Columns} WHERE tenant > ?1 ORDER BY tenant LIMIT ?2";

    private const string KeepSql = """
        INSERT INTO tenant_keys (tenant, number, master_id, wrapped) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (tenant) DO UPDATE SET number = excluded.number, master_id = excluded.master_id, wrapped = excluded.wrapped
        WHERE tenant_keys.number < excluded.number
        """;

    private const string RewrapSql = """
        UPDATE tenant_keys SET master_id = ?3, wrapped = ?4 WHERE tenant = ?1 AND number = ?2 AND wrapped = ?5
        """;

    private const string DestroySql = "UPDATE tenant_keys SET wrapped = NULL WHERE tenant = ?1 AND wrapped IS NOT NULL";

    public ValueTask<TenantKey?> FindKeyAsync(string tenant, CancellationToken cancel) => reads.ReadAsync(tenant, Find, cancel);

    public async Task<TenantKey> KeepKeyAsync(TenantKey key, CancellationToken cancel)
    {
        await writeAsync(key.Tenant, transaction => Bind(transaction.Connection.Prepared(KeepSql), key).Run() > 0, cancel);
        return (await FindKeyAsync(key.Tenant, cancel))!;
    }

    public async Task<bool> RewrapKeyAsync(TenantKey before, TenantKey after, CancellationToken cancel) => await writeAsync(
        null,
        transaction =>
        {
            transaction.NoteErasure();
            return Bind(transaction.Connection.Prepared(RewrapSql), after).Bind(5, before.Wrapped.AsSpan()).Run() > 0;
        },
        cancel);

    public async Task<bool> DestroyKeyAsync(string tenant, CancellationToken cancel) => await writeAsync(
        null,
        transaction =>
        {
            transaction.NoteErasure();
            return transaction.Connection.Prepared(DestroySql).Bind(1, tenant).Run() > 0;
        },
        cancel);

    public ValueTask<IReadOnlyList<TenantKey>> ListKeysAsync(string afterTenant, int limit, CancellationToken cancel) =>
        reads.ReadAsync((afterTenant, limit), List, cancel);

    private static TenantKey? Find(Connection connection, string tenant)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, tenant).Query();
        return rows.Next() ? Read(rows) : null;
    }

    private static IReadOnlyList<TenantKey> List(Connection connection, (string AfterTenant, int Limit) query)
    {
        var keys = new List<TenantKey>();
        using var rows = connection.Prepared(ListSql).Bind(1, query.AfterTenant).Bind(2, query.Limit).Query();
        while (rows.Next())
            keys.Add(Read(rows));
        return keys;
    }

    private static TenantKey Read(Statement.Rows rows) =>
        new(rows.Text(0), rows.Int64(1), rows.Text(2), rows.IsNull(3) ? null : rows.Bytes(3).ToArray());

    private static Statement Bind(Statement statement, TenantKey key) =>
        statement.Bind(1, key.Tenant).Bind(2, key.Number).Bind(3, key.MasterId).Bind(4, key.Wrapped.AsSpan());
}
