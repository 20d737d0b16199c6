using MemoryOrleans.Events;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Events, webhooks and deliveries.</content>
public sealed partial class PostgresStore : IEventStore
{
    private const int EventsPerTransactionMax = 1_000;

    public ValueTask<IReadOnlyList<MemoryEvent>> ReadEventsAsync(
        string tenant, long afterSeq, EventFilter filter, int limit, CancellationToken cancel) =>
        reads.ReadPlainAsync(EventQueries.Read, tenant, (afterSeq, filter, limit), cancel);

    public ValueTask<EventBounds> FindEventBoundsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(EventQueries.Bounds, tenant, true, cancel);

    public ValueTask<Webhook?> FindWebhookAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync(WebhookQueries.Find, tenant, id, cancel);

    public ValueTask<IReadOnlyList<Webhook>> ListWebhooksAsync(string tenant, CancellationToken cancel) =>
        reads.ReadAsync(WebhookQueries.List, tenant, true, cancel);

    public ValueTask<bool> AddWebhookAsync(string tenant, Webhook webhook, int webhooksMax, CancellationToken cancel) =>
        WithSealAsync(tenant, seal => reads.WriteAsync(WebhookQueries.Add, tenant, (webhook, seal, webhooksMax), cancel), cancel);

    public ValueTask<bool> ChangeWebhookAsync(string tenant, Webhook webhook, CancellationToken cancel) =>
        WithSealAsync(tenant, seal => reads.WriteAsync(WebhookQueries.Change, tenant, (webhook, seal), cancel), cancel);

    public ValueTask<bool> RemoveWebhookAsync(string tenant, string id, CancellationToken cancel) =>
        reads.WriteAsync(WebhookQueries.Remove, tenant, id, cancel);

    public ValueTask<MemoryEvent?> TestWebhookAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancel) =>
        reads.WriteAsync(EventQueries.Test, tenant, (id, now), cancel);

    public ValueTask<WebhookDelivery?> FindDeliveryAsync(string tenant, string webhookId, long seq, CancellationToken cancel) =>
        reads.ReadPlainAsync(EventQueries.FindDelivery, tenant, (webhookId, seq), cancel);

    public ValueTask<IReadOnlyList<WebhookDelivery>> ListDeliveriesAsync(
        string tenant, string webhookId, long beforeSeq, int limit, CancellationToken cancel) =>
        reads.ReadPlainAsync(EventQueries.ListDeliveries, tenant, (webhookId, beforeSeq, limit), cancel);

    public async ValueTask SaveDeliveryAsync(string tenant, WebhookDelivery delivery, CancellationToken cancel) =>
        await reads.WriteAsync(EventQueries.SaveDelivery, tenant, delivery, cancel);

    public async Task<int> RemoveEventsAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var (removed, round) = (0, 0);
        do
        {
            await RemoveOldAsync(EventQueries.RemoveDeliveriesSql, before, cancel);
            round = await RemoveOldAsync(EventQueries.RemoveSql, before, cancel);
            removed += round;
        }
        while (round == EventsPerTransactionMax);
        return removed;
    }

    private Task<int> RemoveOldAsync(string sql, DateTimeOffset before, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddBigint(Timestamp.Of(before));
        command.Parameters.AddBigint(EventsPerTransactionMax);
        return worker.RunAsWorkerAsync(
            command,
            async (rows, token) =>
            {
                while (await rows.NextResultAsync(token))
                {
                }

                return (int)command.RecordsAffected;
            },
            cancel);
    }
}
