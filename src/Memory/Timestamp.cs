namespace MemoryOrleans;

/// <summary>
/// Times as stored: whole microseconds since the Unix epoch, UTC; where a person's clock is kept, its offset beside them in minutes.
/// </summary>
public static class Timestamp
{
    public static long Of(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long? Of(DateTimeOffset? time) => time is { } known ? Of(known) : null;

    /// <summary>How far the clock that the time is told by is ahead of UTC, in minutes; -840..840.</summary>
    public static short OffsetOf(DateTimeOffset time) => (short)time.TotalOffsetMinutes;

    /// <summary>The time by a clock so many minutes ahead of UTC; where that leads out of the calendar (years 1 to 9999), in UTC.</summary>
    public static DateTimeOffset Read(long microseconds, int offsetMinutes) => At(Read(microseconds), TimeSpan.FromMinutes(offsetMinutes));

    /// <summary>The same instant by another clock; where that leads out of the calendar (years 1 to 9999), as it was.</summary>
    public static DateTimeOffset At(DateTimeOffset time, TimeSpan offset)
    {
        var local = time.UtcTicks + offset.Ticks;
        return local < DateTime.MinValue.Ticks || local > DateTime.MaxValue.Ticks ? time : time.ToOffset(offset);
    }

    public static DateTimeOffset Read(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
