using MemoryOrleans.Events;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads and writes tenants' webhooks.</summary>
internal static class WebhookQueries
{
    private const string FindSql = "SELECT record FROM webhooks WHERE tenant = ?1 AND id = ?2";
    private const string ListSql = "SELECT record, id FROM webhooks WHERE tenant = ?1 ORDER BY webhook_no";
    private const string CountSql = "SELECT count(*) FROM webhooks WHERE tenant = ?1";
    private const string AddSql = "INSERT INTO webhooks (tenant, id, version, kinds, record) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string ChangeSql = """
        UPDATE webhooks SET version = ?3, kinds = ?4, record = ?5 WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1
        """;

    private const string RemoveWorkSql = $"""
        DELETE FROM due WHERE tenant = ?1 AND kind = '{DueKinds.Webhook}' AND subject IN (
            SELECT d.webhook_id || '-' || d.seq FROM webhook_deliveries d WHERE d.tenant = ?1 AND d.webhook_id = ?2)
        """;

    private const string RemoveDeliveriesSql = "DELETE FROM webhook_deliveries WHERE tenant = ?1 AND webhook_id = ?2";
    private const string RemoveSql = "DELETE FROM webhooks WHERE tenant = ?1 AND id = ?2";

    public static Webhook? Find(Connection connection, (string Tenant, string Id) query)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, query.Tenant).Bind(2, query.Id).Query();
        return rows.Next() && rows.OpenedOrNull(0, SealedField.Webhook, query.Id, 0) is { } record ? WebhookColumn.Read(record) : null;
    }

    public static IReadOnlyList<Webhook> List(Connection connection, string tenant)
    {
        var webhooks = new List<Webhook>();
        using var rows = connection.Prepared(ListSql).Bind(1, tenant).Query();
        while (rows.Next())
        {
            if (rows.OpenedOrNull(0, SealedField.Webhook, rows.Text(1), 0) is { } record)
                webhooks.Add(WebhookColumn.Read(record));
        }

        return webhooks;
    }

    public static bool Add(Connection connection, string tenant, Webhook webhook, int webhooksMax)
    {
        using (var count = connection.Prepared(CountSql).Bind(1, tenant).Query())
        {
            if (count.Next() && count.Int64(0) >= webhooksMax)
                return false;
        }

        return BindAll(connection, AddSql, tenant, webhook).Run() > 0;
    }

    public static bool Change(Connection connection, string tenant, Webhook webhook) =>
        BindAll(connection, ChangeSql, tenant, webhook).Run() > 0;

    public static bool Remove(Connection connection, string tenant, string id)
    {
        foreach (var sql in new[] { RemoveWorkSql, RemoveDeliveriesSql })
            connection.Prepared(sql).Bind(1, tenant).Bind(2, id).Run();
        return connection.Prepared(RemoveSql).Bind(1, tenant).Bind(2, id).Run() > 0;
    }

    private static Statement BindAll(Connection connection, string sql, string tenant, Webhook webhook) => connection.Prepared(sql)
        .Bind(1, tenant).Bind(2, webhook.Id).Bind(3, webhook.Version).Bind(4, WebhookColumn.KindsOf(webhook))
        .Bind(5, connection.Seal.Sealed(SealedField.Webhook, webhook.Id, 0, WebhookColumn.Of(webhook)));
}
