using System.Diagnostics;
using System.Net.Sockets;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Measure;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>One thread, one connection: sends a request, waits for the answer, sends the next.</summary>
internal sealed class LoadWorker(
    Target target, LoopSettings settings, IRequestSource source, IReadOnlyList<string> kinds, LoadWindow window) : IDisposable
{
    private const int AttemptsMax = 50;
    private const int TransportFailuresMax = 20;
    private const int ThreadStackBytes = 512 * 1024;
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;
    private readonly HttpConnection _connection = new(target, settings.Timeout);
    private readonly RequestBuffer _request = new();
    private readonly ManualResetEventSlim _never = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _transportFailures;

    public IReadOnlyList<Tally> Tallies { get; } = [.. kinds.Select(kind => new Tally(kind))];

    /// <summary>Completes when connected; fails when the server cannot be reached.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the worker has stopped.</summary>
    public Task Done => _done.Task;

    /// <summary>When the last operation ended, in Stopwatch ticks.</summary>
    public long LastEnded { get; private set; }

    /// <summary>False when an operation was given up after all its attempts.</summary>
    public bool Complete { get; private set; } = true;

    public void Start() => new Thread(Work, ThreadStackBytes) { IsBackground = true, Name = "load" }.Start();

    public void Dispose()
    {
        _connection.Dispose();
        _never.Dispose();
    }

    private void Work()
    {
        try
        {
            _connection.Open();
            _ready.SetResult();
            window.AwaitOpening();
            while (!window.IsOver(Stopwatch.GetTimestamp()) && _transportFailures < TransportFailuresMax
                && source.TryCompose(_request, out var kind))
            {
                if (!Perform(Tallies[kind]) && settings.RepeatsFailed)
                {
                    Complete = false;
                    break;
                }
            }

            _done.SetResult();
        }
        catch (Exception e)
        {
            // The thread's boundary: whoever awaits the worker gets it.
            if (!_ready.TrySetException(e))
                _done.SetException(e);
        }
    }

    /// <summary>Does one operation and counts it.</summary>
    /// <returns>True when it succeeded, at once or repeated.</returns>
    private bool Perform(Tally tally)
    {
        for (var attempt = 1; ; attempt++)
        {
            var began = Stopwatch.GetTimestamp();
            var error = TryExchange(out var answered);
            LastEnded = Stopwatch.GetTimestamp();
            var measured = began >= window.MeasureFrom;
            if (error is null)
            {
                source.Answered(_connection.Response.Body.Span);
                if (measured)
                    tally.Succeed((long)((LastEnded - began) * NanosecondsPerTick), LastEnded <= window.StopAt, _request.Length,
                        _connection.Response.Bytes);
                return true;
            }

            if (measured)
                tally.Fail(error, answered ? _connection.Response.Body.Span : default, answered && _connection.Response.HasRetryAfter);
            PauseAfter(error, attempt);
            if (!settings.RepeatsFailed || !IsPassing(error) || attempt == AttemptsMax || window.IsOver(LastEnded))
                return false;
        }
    }

    /// <summary>Sends and receives.</summary>
    /// <returns>Null for a 2xx, else the error's name.</returns>
    private string? TryExchange(out bool answered)
    {
        answered = false;
        try
        {
            var status = _connection.Exchange(_request);
            answered = true;
            _transportFailures = 0;
            return status is >= 200 and < 300 ? null : status.ToString();
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidDataException)
        {
            _transportFailures++;
            return TransportError.NameOf(e);
        }
    }

    private static bool IsPassing(string error) => error is "429" or "503" or TransportError.Connection;

    /// <summary>A server that says it is full, or is gone, is not hammered.</summary>
    private void PauseAfter(string error, int attempt)
    {
        if (IsPassing(error))
            _never.Wait(TimeSpan.FromMilliseconds(Math.Min(500, 10 * attempt)));
    }
}
