using MemoryOrleans.Events;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>Events, webhooks and deliveries.</content>
public sealed partial class SqliteStore : IEventStore
{
    private const int EventsPerTransactionMax = 1_000;

    public ValueTask<IReadOnlyList<MemoryEvent>> ReadEventsAsync(
        string tenant, long afterSeq, EventFilter filter, int limit, CancellationToken cancel) =>
        reads.ReadAsync((tenant, afterSeq, filter, limit), EventQueries.Read, cancel);

    public ValueTask<EventBounds> FindEventBoundsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadAsync(tenant, EventQueries.FindBounds, cancel);

    public ValueTask<Webhook?> FindWebhookAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, id), WebhookQueries.Find, cancel);

    public ValueTask<IReadOnlyList<Webhook>> ListWebhooksAsync(string tenant, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, tenant, WebhookQueries.List, cancel);

    public ValueTask<bool> AddWebhookAsync(string tenant, Webhook webhook, int webhooksMax, CancellationToken cancel) =>
        WriteTextsAsync(tenant, transaction => WebhookQueries.Add(transaction.Connection, tenant, webhook, webhooksMax), cancel);

    public ValueTask<bool> ChangeWebhookAsync(string tenant, Webhook webhook, CancellationToken cancel) =>
        WriteTextsAsync(tenant, transaction => WebhookQueries.Change(transaction.Connection, tenant, webhook), cancel);

    public ValueTask<bool> RemoveWebhookAsync(string tenant, string id, CancellationToken cancel) =>
        WriteAsync(transaction => WebhookQueries.Remove(transaction.Connection, tenant, id), cancel);

    public ValueTask<MemoryEvent?> TestWebhookAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancel) =>
        WriteTextsAsync(
        tenant,
        transaction => WebhookQueries.Find(transaction.Connection, (tenant, id)) is null
            ? null
            : transaction.Events.Tell(tenant, new MemoryEvent(0, EventKinds.WebhookTest, now, id)),
        cancel);

    public ValueTask<WebhookDelivery?> FindDeliveryAsync(string tenant, string webhookId, long seq, CancellationToken cancel) =>
        reads.ReadAsync((tenant, webhookId, seq), EventQueries.FindDelivery, cancel);

    public ValueTask<IReadOnlyList<WebhookDelivery>> ListDeliveriesAsync(
        string tenant, string webhookId, long beforeSeq, int limit, CancellationToken cancel) =>
        reads.ReadAsync((tenant, webhookId, beforeSeq, limit), EventQueries.ListDeliveries, cancel);

    public async ValueTask SaveDeliveryAsync(string tenant, WebhookDelivery delivery, CancellationToken cancel) =>
        await WriteOfAsync(tenant, transaction => EventQueries.Save(transaction.Connection, tenant, delivery), cancel);

    public async Task<int> RemoveEventsAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var (removed, round) = (0, 0);
        do
        {
            round = await WriteAsync(
                transaction => EventQueries.Remove(transaction.Connection, before, EventsPerTransactionMax), cancel,
                EventsPerTransactionMax);
            removed += round;
        }
        while (round == EventsPerTransactionMax);
        return removed;
    }
}
