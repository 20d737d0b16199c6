using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads and writes tenants' keys.</summary>
internal static class KeyQueries
{
    private const string FindKeySql = "SELECT record FROM api_keys WHERE tenant = ?1 AND id = ?2";

    private const string ListKeysSql = """
        SELECT record, made_at, key_no FROM api_keys WHERE tenant = ?1 AND (made_at, key_no) < (?2, ?3)
        ORDER BY made_at DESC, key_no DESC LIMIT ?4
        """;

    private const string RemoveEndedSql = "DELETE FROM api_keys WHERE tenant = ?1 AND ends_at < ?2";
    private const string CountKeysSql = "SELECT count(*) FROM api_keys WHERE tenant = ?1";
    private const string AddKeySql = "INSERT INTO api_keys (tenant, id, version, made_at, ends_at, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    private const string ChangeKeySql =
        "UPDATE api_keys SET version = ?3, ends_at = ?4, record = ?5 WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";

    public static ApiKey? Find(Connection connection, (string Tenant, string Id) query)
    {
        using var rows = connection.Prepared(FindKeySql).Bind(1, query.Tenant).Bind(2, query.Id).Query();
        return rows.Next() ? KeyColumn.Read(rows.Text(0)) : null;
    }

    public static Page<ApiKey> List(Connection connection, (string Tenant, ListPosition Before, int Limit) query)
    {
        var page = new ListPage<ApiKey>(query.Limit);
        using var rows = connection.Prepared(ListKeysSql)
            .Bind(1, query.Tenant).Bind(2, query.Before.CreatedAt).Bind(3, query.Before.SessionKey).Bind(4, query.Limit + 1L).Query();
        while (rows.Next())
            page.Add(KeyColumn.Read(rows.Text(0)), rows.Int64(1), rows.Int64(2));
        return page.ToPage();
    }

    public static bool Add(Connection connection, string tenant, ApiKey key, int keysMax, DateTimeOffset endedBefore)
    {
        connection.Prepared(RemoveEndedSql).Bind(1, tenant).Bind(2, Timestamp.Of(endedBefore)).Run();
        using (var count = connection.Prepared(CountKeysSql).Bind(1, tenant).Query())
        {
            if (count.Next() && count.Int64(0) >= keysMax)
                return false;
        }

        return connection.Prepared(AddKeySql)
            .Bind(1, tenant).Bind(2, key.Id).Bind(3, key.Version).Bind(4, Timestamp.Of(key.MadeAt)).Bind(5, KeyColumn.EndOf(key))
            .Bind(6, KeyColumn.Of(key))
            .Run() > 0;
    }

    public static bool Change(Connection connection, string tenant, ApiKey key) =>
        connection.Prepared(ChangeKeySql)
            .Bind(1, tenant).Bind(2, key.Id).Bind(3, key.Version).Bind(4, KeyColumn.EndOf(key)).Bind(5, KeyColumn.Of(key))
            .Run() > 0;
}
