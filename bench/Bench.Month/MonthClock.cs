namespace MemoryOrleans.Bench.Month;

/// <summary>A clock that goes only when it is told to.</summary>
internal sealed class MonthClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private long ticks = Start.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public DateTimeOffset Now => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    /// <summary>Forwards only.</summary>
    public void MoveTo(DateTimeOffset time) => Interlocked.Exchange(ref ticks, Math.Max(Interlocked.Read(ref ticks), time.UtcTicks));
}
