using MemoryOrleans.Events;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Settings;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>How many webhooks there may be, how they are called, and how long events are kept.</summary>
internal static class WebhookSettings
{
    /// <summary>Reads, defines and checks them; errors are collected in <paramref name="settings"/>.</summary>
    public static WebhookLimits Read(MemorySettings settings) => new()
    {
        WebhooksMax = settings.Integer("MEMORY_WEBHOOKS_MAX", 20, 0, 1_000, "webhooks", "Webhooks that a tenant may have; 0: none."),
        AttemptsMax = settings.Integer(
            "MEMORY_WEBHOOK_ATTEMPTS_MAX", 12, 1, 50, "attempts",
            "Times a delivery is sent before it is dead and waits for a person, as a job."),
        Timeout = TimeSpan.FromSeconds(settings.Integer(
            "MEMORY_WEBHOOK_TIMEOUT_SECONDS", 10, 1, 30, "seconds", "How long a receiver may take to answer a delivery.")),
        Concurrency = settings.Integer(
            "MEMORY_WEBHOOK_CONCURRENCY", 8, 1, 256, "deliveries", "Deliveries under way at a time in a process."),
        Backoff = new BackoffPolicy(
            TimeSpan.FromMilliseconds(settings.Integer(
                "MEMORY_WEBHOOK_RETRY_MILLISECONDS", 5_000, 10, 600_000, "milliseconds",
                "Pause after a delivery's first failure; it doubles with each further one.")),
            Factor: 2,
            TimeSpan.FromSeconds(settings.Integer("MEMORY_WEBHOOK_RETRY_MAX_SECONDS", 3_600, 1, 86_400, "seconds",
            "The longest such pause."))),
        AllowsPrivate = settings.Flag(
            "MEMORY_WEBHOOK_ALLOW_PRIVATE", false,
            "Whether webhooks may lead to this machine and its network, for development; else only to addresses of the internet."),
        Retention = TimeSpan.FromHours(settings.Integer(
            "MEMORY_EVENTS_RETENTION_HOURS", 72, 1, 8_760, "hours",
            "How long events are kept for streams to go on from, and what became of their deliveries; what is not delivered by then is "
            + "dropped.")),
    };
}
