using MemoryOrleans.Events;
using MemoryOrleans.Storage.Sealing;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads and writes a tenant's webhooks. Each write is one statement, and so all or nothing.</summary>
internal static class WebhookQueries
{
    public static readonly TenantQuery<string, Webhook?> Find = new(
        "find webhook",
        "SELECT w.record FROM webhooks w WHERE w.tenant = $1 AND w.id = $2",
        static (parameters, id) => parameters.AddText(id),
        static async (rows, id, cancel) => await rows.ReadAsync(cancel) && rows.OpenedOrNull(0, SealedField.Webhook, id, 0) is { } record
            ? WebhookColumn.Read(record)
            : null);

    /// <summary>Sorted, as there are few.</summary>
    public static readonly TenantQuery<bool, IReadOnlyList<Webhook>> List = new(
        "list webhooks",
        "SELECT w.record, w.id FROM webhooks w WHERE w.tenant = $1 ORDER BY w.webhook_no",
        static (_, _) => { },
        static async (rows, _, cancel) =>
        {
            var webhooks = new List<Webhook>();
            while (await rows.ReadAsync(cancel))
            {
                if (rows.OpenedOrNull(0, SealedField.Webhook, rows.GetString(1), 0) is { } record)
                    webhooks.Add(WebhookColumn.Read(record));
            }

            return webhooks;
        });

    public static readonly TenantQuery<(Webhook Webhook, TenantSeal? Seal, int WebhooksMax), bool> Add = new(
        "add webhook",
        """
        INSERT INTO webhooks (tenant, id, version, kinds, record)
        SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM webhooks w WHERE w.tenant = $1) < $6
        ON CONFLICT DO NOTHING RETURNING id
        """,
        static (parameters, add) =>
        {
            BindAll(parameters, (add.Webhook, add.Seal));
            parameters.AddBigint(add.WebhooksMax);
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    public static readonly TenantQuery<(Webhook Webhook, TenantSeal? Seal), bool> Change = new(
        "change webhook",
        """
        UPDATE webhooks w SET version = $3, kinds = $4, record = $5 WHERE w.tenant = $1 AND w.id = $2 AND w.version = $3 - 1 RETURNING w.id
        """,
        BindAll,
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    public static readonly TenantQuery<string, bool> Remove = new(
        "remove webhook",
        """
        WITH told AS (DELETE FROM webhook_deliveries d WHERE d.tenant = $1 AND d.webhook_id = $2 RETURNING d.webhook_id || '-' || d.seq AS subject),
        work AS (DELETE FROM due d USING told t WHERE d.tenant = $1 AND d.subject = t.subject AND d.kind = 'webhook')
        DELETE FROM webhooks w WHERE w.tenant = $1 AND w.id = $2 RETURNING w.id
        """,
        static (parameters, id) => parameters.AddText(id),
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    private static void BindAll(NpgsqlParameterCollection parameters, (Webhook Webhook, TenantSeal? Seal) write)
    {
        var webhook = write.Webhook;
        parameters.AddText(webhook.Id);
        parameters.AddBigint(webhook.Version);
        parameters.AddText(WebhookColumn.KindsOf(webhook));
        parameters.AddText(write.Seal.Sealed(SealedField.Webhook, webhook.Id, 0, WebhookColumn.Of(webhook)));
    }
}
