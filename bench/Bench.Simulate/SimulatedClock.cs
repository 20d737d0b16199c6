namespace MemoryOrleans.Bench.Simulate;

/// <summary>A wall clock that goes when it is told to, and may be put back; the time that passes never goes back.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    private long wall = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero).UtcTicks;
    private long passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public DateTimeOffset Now => new(Interlocked.Read(ref wall), TimeSpan.Zero);

    // Every look is a microsecond later, so that no two things happen at the same time.
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Add(ref wall, TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref passed);

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan time)
    {
        Interlocked.Add(ref wall, time.Ticks);
        Interlocked.Add(ref passed, time.Ticks);
    }

    /// <summary>Somebody puts the clock back, or forward; no time passes.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref wall, by.Ticks);
}
