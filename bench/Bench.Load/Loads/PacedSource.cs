using System.Diagnostics;
using MemoryOrleans.Bench.Load.Http;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>
/// Another source's requests at a rate instead of as fast as they are answered. What fell behind while an answer took long is not
/// made up for: the next request is due one interval after the last was due, or now.
/// </summary>
/// <param name="perSecond">Requests a second of this one worker.</param>
internal sealed class PacedSource(IRequestSource source, double perSecond) : IRequestSource, IDisposable
{
    private readonly long _interval = (long)(Stopwatch.Frequency / perSecond);
    private readonly ManualResetEventSlim _never = new();
    private long _dueAt;

    public bool TryCompose(RequestBuffer request, out int kind)
    {
        var now = Stopwatch.GetTimestamp();
        _dueAt = _dueAt == 0 ? now : Math.Max(now, _dueAt + _interval);
        if (_dueAt > now)
            _never.Wait(TimeSpan.FromSeconds((double)(_dueAt - now) / Stopwatch.Frequency));
        return source.TryCompose(request, out kind);
    }

    public void Answered(ReadOnlySpan<byte> body) => source.Answered(body);

    public void Dispose() => _never.Dispose();
}
