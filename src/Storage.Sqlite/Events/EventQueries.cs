using MemoryOrleans.Events;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads a tenant's events and what became of their deliveries, and removes old ones.</summary>
internal static class EventQueries
{
    private const string Columns = "e.seq, e.kind, e.at, e.subject, e.subject_kind, e.other, e.number, e.user_id, e.agent_id, e.session_id";
    private const string DeliveryColumns = $"{Columns}, d.state, d.attempts, d.last_status, d.last_error, d.last_at";

    private const string ReadSql = $"""
        SELECT {Columns} FROM events e
        WHERE e.tenant = ?1 AND e.seq > ?2 AND instr(?3, ' ' || e.kind || ' ') > 0
            AND (?4 IS NULL OR e.user_id = ?4) AND (?5 IS NULL OR e.agent_id = ?5)
        ORDER BY e.seq LIMIT ?6
        """;

    private const string BoundsSql = """
        SELECT ifnull((SELECT min(e.seq) FROM events e WHERE e.tenant = ?1), h.head + 1), h.head FROM event_heads h WHERE h.tenant = ?1
        """;

    private const string FindDeliverySql = $"""
        SELECT {DeliveryColumns} FROM webhook_deliveries d CROSS JOIN events e ON e.tenant = d.tenant AND e.seq = d.seq
        WHERE d.tenant = ?1 AND d.webhook_id = ?2 AND d.seq = ?3
        """;

    private const string ListDeliveriesSql = $"""
        SELECT {DeliveryColumns} FROM webhook_deliveries d CROSS JOIN events e ON e.tenant = d.tenant AND e.seq = d.seq
        WHERE d.tenant = ?1 AND d.webhook_id = ?2 AND d.seq < ?3 ORDER BY d.seq DESC LIMIT ?4
        """;

    private const string SaveDeliverySql = """
        UPDATE webhook_deliveries SET state = ?4, attempts = ?5, last_status = ?6, last_error = ?7, last_at = ?8
        WHERE tenant = ?1 AND webhook_id = ?2 AND seq = ?3
        """;

    private const string RemoveDeliveriesSql = """
        DELETE FROM webhook_deliveries WHERE (tenant, webhook_id, seq) IN (
            SELECT d.tenant, d.webhook_id, d.seq FROM webhook_deliveries d WHERE d.at < ?1 ORDER BY d.at LIMIT ?2)
        """;

    private const string RemoveSql = """
        DELETE FROM events WHERE (tenant, seq) IN (SELECT e.tenant, e.seq FROM events e WHERE e.at < ?1 ORDER BY e.at LIMIT ?2)
        """;

    public static IReadOnlyList<MemoryEvent> Read(Connection connection, (string Tenant, long After, EventFilter Filter, int Limit) query)
    {
        var events = new List<MemoryEvent>();
        using var rows = connection.Prepared(ReadSql)
            .Bind(1, query.Tenant).Bind(2, query.After).Bind(3, $" {string.Join(' ', query.Filter.Kinds)} ").Bind(4, query.Filter.UserId)
            .Bind(5, query.Filter.AgentId).Bind(6, (long)query.Limit).Query();
        while (rows.Next())
            events.Add(ReadEvent(rows));
        return events;
    }

    public static EventBounds FindBounds(Connection connection, string tenant)
    {
        using var rows = connection.Prepared(BoundsSql).Bind(1, tenant).Query();
        return rows.Next() ? new EventBounds(rows.Int64(0), rows.Int64(1)) : new EventBounds(1, 0);
    }

    public static WebhookDelivery? FindDelivery(Connection connection, (string Tenant, string WebhookId, long Seq) query)
    {
        using var rows = connection.Prepared(FindDeliverySql).Bind(1, query.Tenant).Bind(2, query.WebhookId).Bind(3, query.Seq).Query();
        return rows.Next() ? ReadDelivery(rows, query.WebhookId) : null;
    }

    public static IReadOnlyList<WebhookDelivery> ListDeliveries(
        Connection connection, (string Tenant, string WebhookId, long Before, int Limit) query)
    {
        var deliveries = new List<WebhookDelivery>();
        using var rows = connection.Prepared(ListDeliveriesSql)
            .Bind(1, query.Tenant).Bind(2, query.WebhookId).Bind(3, query.Before).Bind(4, (long)query.Limit).Query();
        while (rows.Next())
            deliveries.Add(ReadDelivery(rows, query.WebhookId));
        return deliveries;
    }

    public static bool Save(Connection connection, string tenant, WebhookDelivery delivery) => connection.Prepared(SaveDeliverySql)
        .Bind(1, tenant).Bind(2, delivery.WebhookId).Bind(3, delivery.Event.Seq).Bind(4, (long)delivery.State)
        .Bind(5, (long)delivery.Attempts)
        .Bind(6, (long?)delivery.LastStatus).Bind(7, delivery.LastError).Bind(8, Timestamp.Of(delivery.LastAt))
        .Run() > 0;

    public static int Remove(Connection connection, DateTimeOffset before, int limit)
    {
        connection.Prepared(RemoveDeliveriesSql).Bind(1, Timestamp.Of(before)).Bind(2, (long)limit).Run();
        return connection.Prepared(RemoveSql).Bind(1, Timestamp.Of(before)).Bind(2, (long)limit).Run();
    }

    private static MemoryEvent ReadEvent(Statement.Rows rows) => new(rows.Int64(0), rows.Text(1), rows.Time(2), rows.Text(3))
    {
        SubjectKind = rows.TextOrNull(4), Other = rows.TextOrNull(5), Number = rows.Int64(6), UserId = rows.TextOrNull(7),
        AgentId = rows.TextOrNull(8), SessionId = rows.TextOrNull(9),
    };

    private static WebhookDelivery ReadDelivery(Statement.Rows rows, string webhookId) => new(
        webhookId, ReadEvent(rows), (DeliveryState)rows.Int64(10), (int)rows.Int64(11), rows.IsNull(12) ? null : (int)rows.Int64(12),
        rows.TextOrNull(13), rows.TimeOrNull(14));
}
