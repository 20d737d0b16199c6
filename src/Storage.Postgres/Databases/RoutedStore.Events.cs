using MemoryOrleans.Events;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Events and webhooks are their tenant's; old ones are removed from every database that can be reached.</content>
public sealed partial class RoutedStore
{
    public async ValueTask<IReadOnlyList<MemoryEvent>> ReadEventsAsync(
        string tenant, long afterSeq, EventFilter filter, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadEventsAsync(tenant, afterSeq, filter, limit, cancel);

    public async ValueTask<EventBounds> FindEventBoundsAsync(string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindEventBoundsAsync(tenant, cancel);

    public async ValueTask<Webhook?> FindWebhookAsync(string tenant, string id, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindWebhookAsync(tenant, id, cancel);

    public async ValueTask<IReadOnlyList<Webhook>> ListWebhooksAsync(string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListWebhooksAsync(tenant, cancel);

    public async ValueTask<bool> AddWebhookAsync(string tenant, Webhook webhook, int webhooksMax, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).AddWebhookAsync(tenant, webhook, webhooksMax, cancel);

    public async ValueTask<bool> ChangeWebhookAsync(string tenant, Webhook webhook, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).ChangeWebhookAsync(tenant, webhook, cancel);

    public async ValueTask<bool> RemoveWebhookAsync(string tenant, string id, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).RemoveWebhookAsync(tenant, id, cancel);

    public async ValueTask<MemoryEvent?> TestWebhookAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).TestWebhookAsync(tenant, id, now, cancel);

    public async ValueTask<WebhookDelivery?> FindDeliveryAsync(string tenant, string webhookId, long seq, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindDeliveryAsync(tenant, webhookId, seq, cancel);

    public async ValueTask<IReadOnlyList<WebhookDelivery>> ListDeliveriesAsync(
        string tenant, string webhookId, long beforeSeq, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListDeliveriesAsync(tenant, webhookId, beforeSeq, limit, cancel);

    public async ValueTask SaveDeliveryAsync(string tenant, WebhookDelivery delivery, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).SaveDeliveryAsync(tenant, delivery, cancel);

    public async Task<int> RemoveEventsAsync(DateTimeOffset before, CancellationToken cancel) =>
        (await AskEachAsync((store, token) => store.RemoveEventsAsync(before, token), cancel)).Sum();
}
