using MemoryOrleans.Settings;

namespace MemoryOrleans.Gateway.Settings;

/// <summary>Streams of events.</summary>
public sealed record EventStreamOptions
{
    /// <summary>MEMORY_EVENT_STREAMS_MAX: streams open at a time for a tenant, in this process.</summary>
    public int StreamsMax { get; init; } = 20;

    /// <summary>MEMORY_EVENT_POLL_MILLISECONDS: time between looks for news.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>MEMORY_EVENT_HEARTBEAT_SECONDS: a stream that has nothing to tell says so this often.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>MEMORY_EVENT_WRITE_SECONDS: a reader that takes nothing for so long is cut off.</summary>
    public TimeSpan WriteMax { get; init; } = TimeSpan.FromSeconds(10);

    internal static EventStreamOptions Read(MemorySettings settings) => new()
    {
        StreamsMax = settings.Integer(
            "MEMORY_EVENT_STREAMS_MAX", 20, 0, 10_000, "streams",
            "Streams of events (/v1/events) open at a time for a tenant in a process; more are answered 503."),
        Poll = TimeSpan.FromMilliseconds(settings.Integer(
            "MEMORY_EVENT_POLL_MILLISECONDS", 500, 10, 60_000, "milliseconds", "Time between a stream's looks for new events.")),
        Heartbeat = TimeSpan.FromSeconds(settings.Integer(
            "MEMORY_EVENT_HEARTBEAT_SECONDS", 15, 1, 300, "seconds",
            "A stream that has nothing to tell sends a comment this often, so that nothing between takes it for dead.")),
        WriteMax = TimeSpan.FromSeconds(settings.Integer(
            "MEMORY_EVENT_WRITE_SECONDS", 10, 1, 300, "seconds",
            "A reader of a stream that takes nothing for so long is cut off; it may go on where it was.")),
    };
}
