namespace MemoryOrleans.Events;

/// <summary>
/// Port of a tenant's events, its webhooks, and what became of their deliveries. Events are written by the commits they tell of, and with
/// them, for each webhook that chose their kind, a delivery and the due work that sends it. Implementations pass
/// <c>tests/Storage.Conformance</c>.
/// </summary>
public interface IEventStore
{
    /// <summary>Events after a place in the tenant's log, in its order. None comes later that belongs before one that was read.</summary>
    ValueTask<IReadOnlyList<MemoryEvent>> ReadEventsAsync(string tenant, long afterSeq, EventFilter filter, int limit,
        CancellationToken cancel);

    /// <summary>Where the tenant's log begins and ends.</summary>
    ValueTask<EventBounds> FindEventBoundsAsync(string tenant, CancellationToken cancel);

    /// <summary>Null when the tenant has no such webhook.</summary>
    ValueTask<Webhook?> FindWebhookAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>All of a tenant's, the first made first.</summary>
    ValueTask<IReadOnlyList<Webhook>> ListWebhooksAsync(string tenant, CancellationToken cancel);

    /// <summary>False when the tenant has as many as it may.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    ValueTask<bool> AddWebhookAsync(string tenant, Webhook webhook, int webhooksMax, CancellationToken cancel);

    /// <summary>Puts a webhook in the place of the version before it; false when that is not the one there is.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    ValueTask<bool> ChangeWebhookAsync(string tenant, Webhook webhook, CancellationToken cancel);

    /// <summary>Removes a webhook with its deliveries and their due work; false when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    ValueTask<bool> RemoveWebhookAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>
    /// Adds an event <see cref="EventKinds.WebhookTest"/> with its delivery to this webhook alone; null when there is none.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    ValueTask<MemoryEvent?> TestWebhookAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Null when it, its webhook or its event is gone.</summary>
    ValueTask<WebhookDelivery?> FindDeliveryAsync(string tenant, string webhookId, long seq, CancellationToken cancel);

    /// <summary>A webhook's, the newest event's first, from before a place in the log.</summary>
    ValueTask<IReadOnlyList<WebhookDelivery>> ListDeliveriesAsync(string tenant, string webhookId, long beforeSeq, int limit,
        CancellationToken cancel);

    /// <summary>Writes how a delivery stands; nothing when it is gone.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    ValueTask SaveDeliveryAsync(string tenant, WebhookDelivery delivery, CancellationToken cancel);

    /// <summary>
    /// Removes all tenants' events from before a time, with their deliveries, a bounded number in each transaction; how many.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task<int> RemoveEventsAsync(DateTimeOffset before, CancellationToken cancel);
}
