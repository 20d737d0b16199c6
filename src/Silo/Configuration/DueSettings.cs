using MemoryOrleans.Grains;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Settings;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>How due work is polled, leased and tried again.</summary>
public static class DueSettings
{
    public static DueLimits Read(MemorySettings settings) => new()
    {
        Poll = TimeSpan.FromMilliseconds(settings.Integer(
            "MEMORY_DUE_POLL_MILLISECONDS", 250, 10, 60_000, "milliseconds",
            "Time between looks for due work, such as turns to embed, while there is none.")),
        Lease = TimeSpan.FromSeconds(settings.Integer(
            "MEMORY_DUE_LEASE_SECONDS", 60, 5, 3_600, "seconds",
            "How long a process may take for a batch of due work; after that another takes it over.")),
        AttemptsMax = settings.Integer(
            "MEMORY_DUE_ATTEMPTS_MAX", 6, 1, 100, "attempts",
            "Failures in a row after which due work is dead and waits for a person; failures that pass, like an embedder being away, do "
            + "not count."),
        OverdueMax = TimeSpan.FromSeconds(settings.Integer(
            "MEMORY_DUE_OVERDUE_SECONDS", 300, 10, 86_400, "seconds",
            "Due work this late makes the part `schedule` of the health unhealthy; requests are taken all the same.")),
        Backoff = new BackoffPolicy(
            TimeSpan.FromMilliseconds(settings.Integer(
                "MEMORY_DUE_RETRY_MILLISECONDS", 1_000, 10, 600_000, "milliseconds",
                "Pause after a first failure; it doubles with each further one.")),
            Factor: 2,
            TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_DUE_RETRY_MAX_SECONDS", 30, 1, 3_600, "seconds",
                "The longest such pause, and so how late an embedder's return may be noticed."))),
    };

    /// <summary>False: due work waits for the reminders of its shards.</summary>
    public static bool ReadLooks(MemorySettings settings) => settings.Flag(
        "MEMORY_DUE_LOOK", true, "Look for due work all the time; false: only when the reminders of its shards fire.");

    public static ShardReminders ReadReminders(MemorySettings settings) => new(TimeSpan.FromSeconds(settings.Integer(
        "MEMORY_DUE_REMINDER_SECONDS", 60, 1, 3_600, "seconds",
        "Time between reminders of a shard of the due work, each of which does whatever of the shard is due.")));
}
