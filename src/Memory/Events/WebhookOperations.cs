namespace MemoryOrleans.Events;

/// <summary>
/// A tenant's webhooks and events. Absent and another tenant's look the same: NotFound. Writes may answer StoreUnavailable.
/// </summary>
public interface IEventOperations
{
    /// <summary>InvalidInput names the field; Conflict when the tenant has as many webhooks as it may.</summary>
    Task<Outcome<ShownWebhook>> MakeAsync(string tenant, WebhookDraft draft, string madeBy, CancellationToken cancel);

    /// <summary>All of them, the first made first.</summary>
    Task<Outcome<IReadOnlyList<Webhook>>> ListAsync(string tenant, CancellationToken cancel);

    Task<Outcome<Webhook>> GetAsync(string tenant, string id, CancellationToken cancel);

    Task<Outcome<Webhook>> ChangeAsync(string tenant, string id, WebhookDraft draft, CancellationToken cancel);

    /// <summary>Gives a webhook a new secret; deliveries are signed with the one before too for <paramref name="overlap"/>.</summary>
    Task<Outcome<ShownWebhook>> RotateAsync(string tenant, string id, TimeSpan overlap, CancellationToken cancel);

    /// <summary>With all of its deliveries.</summary>
    Task<Outcome<bool>> RemoveAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>Has a test sent; the delivery as it stands, to be looked up later.</summary>
    Task<Outcome<WebhookDelivery>> TestAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>The newest first, from before a place in the log.</summary>
    Task<Outcome<IReadOnlyList<WebhookDelivery>>> ListDeliveriesAsync(string tenant, string id, long beforeSeq, int limit,
        CancellationToken cancel);

    /// <summary>Events after a place in the log, in its order.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<MemoryEvent>> ReadAsync(string tenant, long afterSeq, EventFilter filter, int limit, CancellationToken cancel);

    /// <summary>Where the log begins and ends.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<EventBounds> FindBoundsAsync(string tenant, CancellationToken cancel);
}

/// <summary>Makes and changes webhooks: read, decide, write, and again when another write came between.</summary>
/// <param name="random">So many random bytes, of a source fit for secrets.</param>
/// <param name="woken">Told when there is something to send.</param>
public sealed class EventOperations(
    IEventStore store, TimeProvider clock, Func<int, byte[]> random, WebhookLimits limits, Action woken) : IEventOperations
{
    private const int AttemptsMax = 5;
    private const int IdBytes = 8;

    private static readonly MemoryError NoSuchWebhook = new(ErrorCode.NotFound, "There is no such webhook.");

    public async Task<Outcome<ShownWebhook>> MakeAsync(string tenant, WebhookDraft draft, string madeBy, CancellationToken cancel)
    {
        if ((draft with { Url = draft.Url ?? string.Empty, Events = draft.Events ?? [] }).FindError(limits.AllowsPrivate) is { } error)
            return error;
        var webhook = new Webhook(
            Convert.ToHexStringLower(random(IdBytes)), draft.Url!, draft.Events!, Now(), madeBy, random(WebhookSignature.SecretBytes))
        {
            Name = draft.Name ?? string.Empty, IncludesContent = draft.IncludesContent ?? false, IsEnabled = draft.IsEnabled ?? true,
        };
        return await store.AddWebhookAsync(tenant, webhook, limits.WebhooksMax, cancel)
            ? new ShownWebhook(webhook, WebhookSignature.TextOf(webhook.Secret))
            : new MemoryError(ErrorCode.Conflict, $"The tenant may have {limits.WebhooksMax} webhooks, and has as many.");
    }

    public async Task<Outcome<IReadOnlyList<Webhook>>> ListAsync(string tenant, CancellationToken cancel) =>
        Outcome.Of(await store.ListWebhooksAsync(tenant, cancel));

    public async Task<Outcome<Webhook>> GetAsync(string tenant, string id, CancellationToken cancel) =>
        await store.FindWebhookAsync(tenant, id, cancel) is { } webhook ? webhook : NoSuchWebhook;

    public async Task<Outcome<Webhook>> ChangeAsync(string tenant, string id, WebhookDraft draft, CancellationToken cancel)
    {
        if (draft.FindError(limits.AllowsPrivate) is { } error)
            return error;
        return await ChangeAsync(
            tenant,
            id,
            webhook => webhook with
            {
                Url = draft.Url ?? webhook.Url, Name = draft.Name ?? webhook.Name, Events = draft.Events ?? webhook.Events,
                IncludesContent = draft.IncludesContent ?? webhook.IncludesContent, IsEnabled = draft.IsEnabled ?? webhook.IsEnabled,
            },
            cancel);
    }

    public async Task<Outcome<ShownWebhook>> RotateAsync(string tenant, string id, TimeSpan overlap, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        var secret = random(WebhookSignature.SecretBytes);
        var now = Now();
        var rotated = await ChangeAsync(
            tenant, id, webhook => webhook
            with { Secret = secret, Previous = webhook.Secret, PreviousUntil = now + overlap, RotatedAt = now }, cancel);
        return rotated.IsSuccess ? new ShownWebhook(rotated.Value, WebhookSignature.TextOf(secret)) : rotated.Error;
    }

    public async Task<Outcome<bool>> RemoveAsync(string tenant, string id, CancellationToken cancel) =>
        await store.RemoveWebhookAsync(tenant, id, cancel) ? true : NoSuchWebhook;

    public async Task<Outcome<WebhookDelivery>> TestAsync(string tenant, string id, CancellationToken cancel)
    {
        if (await store.TestWebhookAsync(tenant, id, Now(), cancel) is not { } told)
            return NoSuchWebhook;
        woken();
        return new WebhookDelivery(id, told);
    }

    public async Task<Outcome<IReadOnlyList<WebhookDelivery>>> ListDeliveriesAsync(
        string tenant, string id, long beforeSeq, int limit, CancellationToken cancel) =>
        await store.FindWebhookAsync(tenant, id, cancel) is null
            ? NoSuchWebhook
            : Outcome.Of(await store.ListDeliveriesAsync(tenant, id, beforeSeq, limit, cancel));

    public ValueTask<IReadOnlyList<MemoryEvent>> ReadAsync(
        string tenant, long afterSeq, EventFilter filter, int limit, CancellationToken cancel) =>
        store.ReadEventsAsync(tenant, afterSeq, filter, limit, cancel);

    public ValueTask<EventBounds> FindBoundsAsync(string tenant, CancellationToken cancel) => store.FindEventBoundsAsync(tenant, cancel);

    private async Task<Outcome<Webhook>> ChangeAsync(string tenant, string id, Func<Webhook, Webhook> change, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (await store.FindWebhookAsync(tenant, id, cancel) is not { } before)
                return NoSuchWebhook;
            var next = change(before) with { Version = before.Version + 1 };
            if (await store.ChangeWebhookAsync(tenant, next, cancel))
                return next;
        }

        return new MemoryError(ErrorCode.StoreUnavailable, "The webhook is changed by others all the time.",
            RetryAfter: TimeSpan.FromSeconds(1));
    }

    private DateTimeOffset Now() => Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));
}
