using System.Diagnostics;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>When measuring begins and when work stops; set once all workers are connected. Times are Stopwatch ticks.</summary>
internal sealed class LoadWindow : IDisposable
{
    private readonly ManualResetEventSlim _opened = new();
    private long _measureFrom;
    private long _stopAt;
    private volatile bool _cancelled;

    public long MeasureFrom => _measureFrom;

    public long StopAt => _stopAt;

    public void Open(TimeSpan warmup, TimeSpan duration)
    {
        _measureFrom = Stopwatch.GetTimestamp() + TicksOf(warmup);
        _stopAt = _measureFrom + TicksOf(duration);
        _opened.Set();
    }

    public void AwaitOpening() => _opened.Wait();

    public void Cancel() => _cancelled = true;

    public bool IsOver(long now) => _cancelled || now >= _stopAt;

    public void Dispose() => _opened.Dispose();

    private static long TicksOf(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
