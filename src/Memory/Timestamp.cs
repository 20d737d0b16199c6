namespace MemoryOrleans;

/// <summary>Times as stored: whole microseconds since the Unix epoch, UTC; where a person's clock is kept, its offset beside them in minutes.</summary>
public static class Timestamp
{
    public static long Of(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long? Of(DateTimeOffset? time) => time is { } known ? Of(known) : null;

    /// <summary>How far the clock that the time is told by is ahead of UTC, in minutes; -840..840.</summary>
    public static short OffsetOf(DateTimeOffset time) => (short)time.TotalOffsetMinutes;

    public static DateTimeOffset Read(long microseconds, int offsetMinutes) => Read(microseconds).ToOffset(TimeSpan.FromMinutes(offsetMinutes));

    public static DateTimeOffset Read(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
