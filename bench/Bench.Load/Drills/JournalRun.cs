using System.Diagnostics;
using System.Net.Sockets;
using MemoryOrleans.Bench.Load.Http;

namespace MemoryOrleans.Bench.Load.Drills;

/// <summary>Appends from many connections, journalling each, until the time is over or the server is gone.</summary>
internal sealed class JournalRun(
    Target target, TimeSpan timeout, TimeSpan duration, JournalWriter journal, Func<DrillRequests> newRequests, long firstNumber)
{
    private const int PauseMs = 10;
    private readonly long _stopAt = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
    private long _next = firstNumber - 1;
    private long _acknowledged;
    private long _rejected;

    public long Attempted => _next + 1 - firstNumber;

    public long Acknowledged => _acknowledged;

    public long Rejected => _rejected;

    public Task RunAsync(int workers, CancellationToken cancel) =>
        Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Factory.StartNew(
            () => Work(cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private void Work(CancellationToken cancel)
    {
        using var connection = new HttpConnection(target, timeout);
        var requests = newRequests();
        var request = new RequestBuffer();
        while (Stopwatch.GetTimestamp() < _stopAt && !cancel.IsCancellationRequested)
        {
            var attempt = requests.Compose(request, Interlocked.Increment(ref _next));
            journal.Attempted(attempt);
            try
            {
                Note(attempt, connection.Exchange(request), connection.Response.Body);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // The server was killed; what it has promised is in the journal.
                return;
            }
        }
    }

    private void Note(Attempt attempt, int status, ReadOnlyMemory<byte> answer)
    {
        if (status == 201)
        {
            journal.Acknowledged(attempt.Number, StoredTurns.PlacesIn(answer));
            Interlocked.Increment(ref _acknowledged);
            return;
        }

        journal.Rejected(attempt.Number, status);
        Interlocked.Increment(ref _rejected);
        Task.Delay(PauseMs).Wait();
    }
}
