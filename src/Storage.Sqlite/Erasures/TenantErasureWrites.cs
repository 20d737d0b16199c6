using MemoryOrleans.Erasures;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Begins, advances and ends erasures of tenants, inside the committer's transaction.</summary>
internal sealed class TenantErasureWrites(WriteTransaction transaction)
{
    private const string Columns = "SELECT id, requester, requester_tenant, requested_at, completed_at, rows FROM tenant_erasures";
    private const string NewestSql = $"{Columns} WHERE tenant = ?1 ORDER BY erasure_key DESC LIMIT 1";
    private const string RunningSql = "SELECT tenant FROM tenant_erasures WHERE completed_at IS NULL";
    private const string IsRunningSql = "SELECT EXISTS (SELECT 1 FROM tenant_erasures WHERE tenant = ?1 AND completed_at IS NULL)";

    private const string InsertSql = """
        INSERT INTO tenant_erasures (tenant, id, requester, requester_tenant, requested_at, rows) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """;

    private const string CountSql = "UPDATE tenant_erasures SET rows = ?3, newest_change = ?4 WHERE tenant = ?1 AND id = ?2";
    private const string CompleteSql = "UPDATE tenant_erasures SET completed_at = ?3 WHERE tenant = ?1 AND id = ?2 AND completed_at IS NULL";
    private const string DestroyKeySql = "UPDATE tenant_keys SET wrapped = NULL WHERE tenant = ?1 AND wrapped IS NOT NULL";
    private const string RemoveWorkSql = $"DELETE FROM due WHERE tenant = ?1 AND kind = '{DueKinds.TenantErasure}'";

    private readonly Connection connection = transaction.Connection;
    private readonly TenantRows rows = new(transaction.Connection);

    public static TenantErasure? Find(Connection connection, string tenant)
    {
        using var found = connection.Prepared(NewestSql).Bind(1, tenant).Query();
        return found.Next()
            ? new TenantErasure(found.Text(0), found.Text(1), found.Text(2), found.Time(3))
            {
                CompletedAt = found.TimeOrNull(4), Rows = ErasedRowsColumn.Read(found.Text(5)),
            }
            : null;
    }

    /// <summary>True while the tenant is being erased.</summary>
    public static bool IsRunning(Connection connection, string tenant)
    {
        using var found = connection.Prepared(IsRunningSql).Bind(1, tenant).Query();
        return found.Next() && found.Int64(0) != 0;
    }

    /// <summary>The tenants that are being erased.</summary>
    public HashSet<string> FindRunning()
    {
        var running = new HashSet<string>(StringComparer.Ordinal);
        using var found = connection.Prepared(RunningSql).Query();
        while (found.Next())
            running.Add(found.Text(0));
        return running;
    }

    public TenantErasure Begin(string tenant, TenantErasure erasure, AuditEntry entry, DateTimeOffset dueAt)
    {
        if (Find(connection, tenant) is { IsDone: false } running)
            return running;
        IReadOnlyList<ErasedRows> destroyed =
            ErasedRowsColumn.Add([], [new ErasedRows("tenant_keys", connection.Prepared(DestroyKeySql).Bind(1, tenant).Run())]);
        connection.Prepared(InsertSql)
            .Bind(1, tenant).Bind(2, erasure.Id).Bind(3, erasure.Requester).Bind(4, erasure.RequesterTenant)
            .Bind(5, Timestamp.Of(erasure.RequestedAt)).Bind(6, ErasedRowsColumn.Of(destroyed))
            .Run();
        transaction.Due.Wake(tenant, DueKinds.TenantErasure, erasure.Id, dueAt, erasure.RequestedAt);
        transaction.Erasures.Append(tenant, entry);
        transaction.NoteErasure();
        transaction.Fenced.Add(tenant);
        return erasure with { Rows = destroyed };
    }

    public long RemoveRows(string tenant, string id, int limit)
    {
        if (Find(connection, tenant) is not { IsDone: false } running || running.Id != id)
            return 0;
        var removed = rows.Remove(tenant, limit);
        connection.Prepared(CountSql)
            .Bind(1, tenant).Bind(2, id).Bind(3, ErasedRowsColumn.Of(ErasedRowsColumn.Add(running.Rows, removed)))
            .Bind(4, transaction.NewestChange)
            .Run();
        transaction.Forget(tenant);
        return removed.Sum(static each => each.Count);
    }

    public bool Complete(string tenant, string id, DateTimeOffset completedAt, AuditEntry entry)
    {
        if (!rows.AreGone(tenant)
            || connection.Prepared(CompleteSql).Bind(1, tenant).Bind(2, id).Bind(3, Timestamp.Of(completedAt)).Run() == 0)
        {
            return false;
        }

        connection.Prepared(RemoveWorkSql).Bind(1, tenant).Run();
        transaction.Erasures.Append(tenant, entry);
        transaction.NoteErasure();
        transaction.Forget(tenant);
        transaction.Fenced.Remove(tenant);
        return true;
    }
}
