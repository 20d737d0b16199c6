using System.Globalization;

namespace MemoryOrleans.Events;

public enum DeliveryState
{
    /// <summary>To be sent, or sent again.</summary>
    Pending,

    /// <summary>The receiver has taken it.</summary>
    Delivered,

    /// <summary>Failed as often as it may; its job can be requeued.</summary>
    Dead,

    /// <summary>Not sent any more: the webhook was switched off, or the event is too old to be kept.</summary>
    Dropped,
}

/// <summary>How the telling of one event to one webhook stands.</summary>
/// <param name="WebhookId">Whom it is told to.</param>
/// <param name="Event">What is told.</param>
/// <param name="Attempts">Sent so often.</param>
/// <param name="LastStatus">The HTTP status of the last answer; null: none came.</param>
/// <param name="LastError">Why the last attempt failed, without content; null when it did not.</param>
/// <param name="LastAt">When the last attempt ended.</param>
public sealed record WebhookDelivery(
    string WebhookId, MemoryEvent Event, DeliveryState State = DeliveryState.Pending, int Attempts = 0, int? LastStatus = null,
    string? LastError = null,
    DateTimeOffset? LastAt = null)
{
    /// <summary>The header <c>webhook-id</c>, the same however often it is sent, and the subject of its due work.</summary>
    public string Id => IdOf(WebhookId, Event.Seq);

    public static string IdOf(string webhookId, long seq) => string.Create(CultureInfo.InvariantCulture, $"{webhookId}-{seq}");

    /// <summary>False when the text is no id of a delivery.</summary>
    public static bool TryParse(string id, out string webhookId, out long seq)
    {
        var at = id.LastIndexOf('-');
        webhookId = at < 0 ? string.Empty : id[..at];
        seq = 0;
        return at > 0 && long.TryParse(id.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out seq);
    }
}

/// <summary>How deliveries are sent.</summary>
public sealed record WebhookLimits
{
    /// <summary>Webhooks of a tenant; 0..1,000, default 20.</summary>
    public int WebhooksMax { get; init; } = 20;

    /// <summary>Times a delivery is sent before it is dead; 1..50, default 12.</summary>
    public int AttemptsMax { get; init; } = 12;

    /// <summary>How long a receiver may take to answer; 1..30 s, default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Deliveries under way at a time in a process; 1..256, default 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>The pause after a first failure, which doubles with each further one, and the longest.</summary>
    public Scheduling.BackoffPolicy Backoff { get; init; } = new(TimeSpan.FromSeconds(5), 2, TimeSpan.FromHours(1));

    /// <summary>Whether this machine and its network may be told; default false.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>How long events and what became of their deliveries are kept; 1 h..1 year, default 3 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(3);
}
