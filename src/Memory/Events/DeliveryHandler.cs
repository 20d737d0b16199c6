using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Events;

/// <summary>A delivery as it goes over the wire.</summary>
/// <param name="Id">The header <c>webhook-id</c>.</param>
/// <param name="Seconds">The header <c>webhook-timestamp</c>: since 1970, of this attempt.</param>
/// <param name="Signature">The header <c>webhook-signature</c>.</param>
public sealed record SignedDelivery(Uri Url, string Id, long Seconds, string Signature, byte[] Body);

/// <summary>What came of an attempt.</summary>
/// <param name="Status">The HTTP status; null: no answer came.</param>
/// <param name="Error">Why it does not count as delivered, without content; null: it does.</param>
/// <param name="RetryAfter">How long the receiver asked to be left alone.</param>
public readonly record struct DeliveryAnswer(int? Status, string? Error, TimeSpan? RetryAfter = null);

/// <summary>Port of whoever calls receivers.</summary>
public interface IWebhookSender
{
    /// <summary>Sends once. What the receiver or the way to it does wrong is in the answer, not thrown.</summary>
    Task<DeliveryAnswer> SendAsync(SignedDelivery delivery, CancellationToken cancel);
}

/// <summary>Sends deliveries, each once an attempt: at least once in all, since an answer may be lost.</summary>
public sealed class DeliveryHandler(
    IEventStore events, IMemoryStore memories, IWebhookSender sender, TimeProvider clock, WebhookLimits limits) : IDueHandler
{
    // A receiver that asks for more than this waits no longer than the events are kept anyway.
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(1);

    public string KindPrefix => DueKinds.Webhook;

    public int Lanes => limits.Concurrency;

    public int? AttemptsMax => limits.AttemptsMax;

    public BackoffPolicy? Backoff => limits.Backoff;

    public async Task<IReadOnlyList<DueOutcome>> RunAsync(IReadOnlyList<DueWork> works, CancellationToken cancel) =>
        [await RunAsync(works.Single(), cancel)];

    private async Task<DueOutcome> RunAsync(DueWork work, CancellationToken cancel)
    {
        if (!WebhookDelivery.TryParse(work.Subject, out var webhookId, out var seq)
            || await events.FindWebhookAsync(work.Tenant, webhookId, cancel) is not { } webhook
            || await events.FindDeliveryAsync(work.Tenant, webhookId, seq, cancel) is not { } delivery
            || delivery.State is DeliveryState.Delivered or DeliveryState.Dropped)
            return new DueFinished(work.Cursor);
        if (!webhook.IsEnabled)
        {
            await events.SaveDeliveryAsync(work.Tenant, delivery with { State = DeliveryState.Dropped }, cancel);
            return new DueFinished(work.Cursor);
        }

        var answer = await SendAsync(work.Tenant, webhook, delivery, cancel);
        var isDead = answer.Error is not null && work.Attempts >= limits.AttemptsMax;
        await events.SaveDeliveryAsync(
            work.Tenant,
            delivery with
            {
                State = answer.Error is null ? DeliveryState.Delivered : isDead ? DeliveryState.Dead : DeliveryState.Pending,
                Attempts = delivery.Attempts + 1, LastStatus = answer.Status, LastError = answer.Error, LastAt = clock.GetUtcNow(),
            },
            cancel);
        if (answer.Error is null)
            return new DueFinished(work.Cursor);
        var pause = answer.RetryAfter is { } asked ? (asked < RetryAfterMax ? asked : RetryAfterMax) : (TimeSpan?)null;
        return new DueFailed(work.Cursor, answer.Error, IsPassing: false, pause);
    }

    private async Task<DeliveryAnswer> SendAsync(string tenant, Webhook webhook, WebhookDelivery delivery, CancellationToken cancel)
    {
        var body = EventPayload.Of(tenant, delivery.Event,
            webhook.IncludesContent ? await ReadContentAsync(tenant, delivery.Event, cancel) : null);
        var now = clock.GetUtcNow();
        var seconds = now.ToUnixTimeSeconds();
        var signature = WebhookSignature.Of(delivery.Id, seconds, body, webhook.SecretsAt(now));
        return await sender.SendAsync(new SignedDelivery(new Uri(webhook.Url), delivery.Id, seconds, signature, body), cancel);
    }

    // As it is now: what was erased since is not told.
    private async Task<string?> ReadContentAsync(string tenant, MemoryEvent told, CancellationToken cancel) =>
        told.Kind is EventKinds.MemoryMade or EventKinds.MemorySuperseded
            && await memories.FindMemoryAsync(tenant, told.Subject, cancel) is { Status: not MemoryStatus.Erased } memory
                ? memory.Content
                : null;
}
