using MemoryOrleans.Events;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads a tenant's events and what became of their deliveries.</summary>
internal static class EventQueries
{
    /// <summary>Over all tenants, by the worker: events from before $1, the oldest $2 of them.</summary>
    public const string RemoveSql = """
        DELETE FROM events e USING (SELECT o.tenant, o.seq FROM events o WHERE o.at < $1 ORDER BY o.at LIMIT $2) o
        WHERE e.tenant = o.tenant AND e.seq = o.seq
        """;

    /// <summary>The same of deliveries.</summary>
    public const string RemoveDeliveriesSql = """
        DELETE FROM webhook_deliveries d
        USING (SELECT o.tenant, o.webhook_id, o.seq FROM webhook_deliveries o WHERE o.at < $1 ORDER BY o.at LIMIT $2) o
        WHERE d.tenant = o.tenant AND d.webhook_id = o.webhook_id AND d.seq = o.seq
        """;

    private const string Columns = "e.seq, e.kind, e.at, e.subject, e.subject_kind, e.other, e.number, e.user_id, e.agent_id, e.session_id";
    private const string DeliveryColumns = $"{Columns}, d.state, d.attempts, d.last_status, d.last_error, d.last_at";

    public static readonly TenantQuery<(long After, EventFilter Filter, int Limit), IReadOnlyList<MemoryEvent>> Read = new(
        "read events",
        $"""
        SELECT {Columns} FROM events e
        WHERE e.tenant = $1 AND e.seq > $2 AND e.kind = ANY ($3::text[]) AND ($4::text IS NULL OR e.user_id = $4)
            AND ($5::text IS NULL OR e.agent_id = $5)
        ORDER BY e.seq LIMIT $6
        """,
        static (parameters, query) =>
        {
            parameters.AddBigint(query.After);
            parameters.AddTexts([.. query.Filter.Kinds]);
            parameters.AddText(query.Filter.UserId);
            parameters.AddText(query.Filter.AgentId);
            parameters.AddBigint(query.Limit);
        },
        static async (rows, _, cancel) =>
        {
            var events = new List<MemoryEvent>();
            while (await rows.ReadAsync(cancel))
                events.Add(ReadEvent(rows));
            return events;
        });

    public static readonly TenantQuery<bool, EventBounds> Bounds = new(
        "bounds of events",
        """
        SELECT coalesce((SELECT e.seq FROM events e WHERE e.tenant = $1 ORDER BY e.seq LIMIT 1), h.head + 1), h.head
        FROM event_heads h WHERE h.tenant = $1
        """,
        static (_, _) => { },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel)
        ? new EventBounds(rows.GetInt64(0), rows.GetInt64(1)) : new EventBounds(1, 0));

    public static readonly TenantQuery<(string Id, DateTimeOffset Now), MemoryEvent?> Test = new(
        "test webhook",
        """
        SELECT tell_1($1, $3, 'webhook.test', w.id, NULL, NULL, 0, NULL, NULL, NULL) FROM webhooks w WHERE w.tenant = $1 AND w.id = $2
        """,
        static (parameters, test) =>
        {
            parameters.AddText(test.Id);
            parameters.AddBigint(Timestamp.Of(test.Now));
        },
        static async (rows, test, cancel) =>
            await rows.ReadAsync(cancel) ? new MemoryEvent(rows.GetInt64(0), EventKinds.WebhookTest, test.Now, test.Id) : null);

    public static readonly TenantQuery<(string WebhookId, long Seq), WebhookDelivery?> FindDelivery = new(
        "find delivery",
        $"""
        SELECT {DeliveryColumns} FROM webhook_deliveries d JOIN events e ON e.tenant = $1 AND e.seq = d.seq
        WHERE d.tenant = $1 AND d.webhook_id = $2 AND d.seq = $3
        """,
        static (parameters, query) =>
        {
            parameters.AddText(query.WebhookId);
            parameters.AddBigint(query.Seq);
        },
        static async (rows, query, cancel) => await rows.ReadAsync(cancel) ? ReadDelivery(rows, query.WebhookId) : null);

    public static readonly TenantQuery<(string WebhookId, long Before, int Limit), IReadOnlyList<WebhookDelivery>> ListDeliveries = new(
        "list deliveries",
        $"""
        SELECT {DeliveryColumns} FROM webhook_deliveries d
        CROSS JOIN LATERAL (SELECT * FROM events o WHERE o.tenant = $1 AND o.seq = d.seq LIMIT 1) e
        WHERE d.tenant = $1 AND d.webhook_id = $2 AND d.seq < $3 ORDER BY d.seq DESC LIMIT $4
        """,
        static (parameters, query) =>
        {
            parameters.AddText(query.WebhookId);
            parameters.AddBigint(query.Before);
            parameters.AddBigint(query.Limit);
        },
        static async (rows, query, cancel) =>
        {
            var deliveries = new List<WebhookDelivery>();
            while (await rows.ReadAsync(cancel))
                deliveries.Add(ReadDelivery(rows, query.WebhookId));
            return deliveries;
        });

    public static readonly TenantQuery<WebhookDelivery, bool> SaveDelivery = new(
        "save delivery",
        """
        UPDATE webhook_deliveries d SET state = $4::smallint, attempts = $5::int, last_status = $6::int, last_error = $7, last_at = $8
        WHERE d.tenant = $1 AND d.webhook_id = $2 AND d.seq = $3 RETURNING d.seq
        """,
        static (parameters, delivery) =>
        {
            parameters.AddText(delivery.WebhookId);
            parameters.AddBigint(delivery.Event.Seq);
            parameters.AddBigint((long)delivery.State);
            parameters.AddBigint(delivery.Attempts);
            AddNullable(parameters, delivery.LastStatus);
            parameters.AddText(delivery.LastError);
            AddNullable(parameters, Timestamp.Of(delivery.LastAt));
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    /// <summary>Every query here that finds rows by index, for the test of plans.</summary>
    public static IEnumerable<(string Name, string Sql)> All =>
        [Read.Text, Bounds.Text, FindDelivery.Text, ListDeliveries.Text, SaveDelivery.Text, WebhookQueries.Find.Text,
        WebhookQueries.Change.Text];

    private static void AddNullable(NpgsqlParameterCollection parameters, long? value) =>
        parameters.Add(new NpgsqlParameter { Value = value is { } known ? known : DBNull.Value,
        NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint });

    private static MemoryEvent ReadEvent(TenantRows rows) =>
        new(rows.GetInt64(0), rows.GetString(1), Timestamp.Read(rows.GetInt64(2)), rows.GetString(3))
        {
            SubjectKind = TextOrNull(rows, 4), Other = TextOrNull(rows, 5), Number = rows.GetInt64(6), UserId = TextOrNull(rows, 7),
            AgentId = TextOrNull(rows, 8), SessionId = TextOrNull(rows, 9),
        };

    private static WebhookDelivery ReadDelivery(TenantRows rows, string webhookId) => new(
        webhookId, ReadEvent(rows), (DeliveryState)rows.GetInt16(10), rows.GetInt32(11), rows.IsDBNull(12) ? null : rows.GetInt32(12),
        TextOrNull(rows, 13), DueQueries.TimeOrNull(rows, 14));

    private static string? TextOrNull(TenantRows rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
