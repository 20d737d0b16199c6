using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Opens, activates and drops spaces, inside the committer's transaction: commits come wholly before or after.</summary>
internal sealed class SpaceWrites(WriteTransaction transaction)
{
    private const string InsertSql = "INSERT INTO spaces (model, dimensions, state, created_at) VALUES (?1, ?2, ?3, ?4)";
    private const string AnyActiveSql = "SELECT 1 FROM spaces WHERE state = 1";
    private const string AnyOwnerSql = "SELECT EXISTS (SELECT 1 FROM owners) OR EXISTS (SELECT 1 FROM graph_owners)";
    private const string NextTenantSql = """
        SELECT min(t) FROM (
            SELECT min(tenant) AS t FROM owners WHERE tenant > ?1 UNION ALL SELECT min(tenant) FROM graph_owners WHERE tenant > ?1)
        """;
    private const string RetireActiveSql = "UPDATE spaces SET state = 2 WHERE state = 1 AND id <> ?1";
    private const string ActivateSql = "UPDATE spaces SET state = 1 WHERE id = ?1";
    private const string DropSql = "DELETE FROM spaces WHERE id = ?1";
    private const string NextSessionsSql =
        "SELECT session_key, id FROM sessions WHERE tenant = ?1 AND session_key > ?2 ORDER BY session_key LIMIT ?3";

    private readonly Connection connection = transaction.Connection;

    /// <summary>Ids of those filling or active.</summary>
    public List<int> Living => SpaceQueries.ListLiving(connection);

    public VectorSpace Open(string model, int dimensions, DateTimeOffset now)
    {
        if (SpaceQueries.FindLiving(connection, model, dimensions) is { } open)
            return open;
        var isStored = connection.Scalar(AnyOwnerSql) > 0;
        var state = isStored || connection.Scalar(AnyActiveSql) > 0 ? VectorSpaceState.Filling : VectorSpaceState.Active;
        connection.Prepared(InsertSql).Bind(1, model).Bind(2, dimensions).Bind(3, (long)state).Bind(4, Timestamp.Of(now)).Run();
        var id = (int)connection.LastRowId;
        if (state == VectorSpaceState.Filling)
            WakeTenants(DueKinds.Fill(id), now);
        return SpaceQueries.Find(connection, id)!;
    }

    public bool Activate(int id)
    {
        if (SpaceQueries.Find(connection, id) is not { State: not VectorSpaceState.Retired })
            return false;
        connection.Prepared(RetireActiveSql).Bind(1, id).Run();
        connection.Prepared(ActivateSql).Bind(1, id).Run();
        return true;
    }

    /// <summary>Removes a space that has no vectors left, and its due work.</summary>
    public void Drop(int id)
    {
        foreach (var kind in DueKinds.OfSpace(id))
            transaction.Due.RemoveKind(kind);
        connection.Prepared(DropSql).Bind(1, id).Run();
    }

    public long? WakeSessions(int id, string tenant, long cursor, int limit, DateTimeOffset now)
    {
        if (SpaceQueries.Find(connection, id) is not { State: not VectorSpaceState.Retired })
            return null;
        var (kind, woken) = (DueKinds.Embed(id), 0);
        using var rows = connection.Prepared(NextSessionsSql).Bind(1, tenant).Bind(2, cursor).Bind(3, limit).Query();
        while (rows.Next())
        {
            cursor = rows.Int64(0);
            transaction.Due.Wake(tenant, kind, rows.Text(1), now, now);
            woken++;
        }

        return woken == limit ? cursor : null;
    }

    private void WakeTenants(string kind, DateTimeOffset now)
    {
        for (var tenant = FindNextTenant(string.Empty); tenant is not null; tenant = FindNextTenant(tenant))
            transaction.Due.Wake(tenant, kind, string.Empty, now, now);
    }

    private string? FindNextTenant(string after)
    {
        using var rows = connection.Prepared(NextTenantSql).Bind(1, after).Query();
        return rows.Next() ? rows.TextOrNull(0) : null;
    }
}
