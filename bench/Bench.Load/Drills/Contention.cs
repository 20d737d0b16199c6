using System.Net.Sockets;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Drills;

/// <summary>How a request is sent.</summary>
internal enum SendStyle
{
    Once,

    /// <summary>Twice at the same moment, on two connections.</summary>
    Twin,

    /// <summary>Again after its answer, some requests later.</summary>
    Later,

    /// <summary>Sent, the connection dropped without reading the answer, and sent again: a client that timed out.</summary>
    Abandoned,
}

/// <summary>Many writers on one session, each request under an Idempotency-Key, a share of them sent twice.</summary>
internal sealed class Contention(
    Target target, TimeSpan timeout, long turns, double retryShare, long seed, Func<DrillRequests> newRequests, DrillReport report)
{
    private const int AttemptsMax = 200;
    private const int LaterBy = 5;
    private readonly TurnPlace[] _places = new TurnPlace[turns];
    private long _next = -1;

    private Target Server => target;

    private TimeSpan Timeout => timeout;

    private DrillReport Report => report;

    public Task RunAsync(int writers, CancellationToken cancel) =>
        Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Factory.StartNew(
            () => Write(cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    /// <summary>Reads the session back and holds it against what the writers were answered.</summary>
    public void Check(RequestForms forms)
    {
        using var connection = new HttpConnection(target, timeout);
        var requests = newRequests();
        var request = new RequestBuffer();
        var stored = StoredTurns.ReadSession(connection, forms, requests.Compose(request, 0).Session);
        report.Count("turns stored", stored.Count);
        if (stored.Count != turns)
            report.Violate($"{stored.Count} turns are stored, not {turns}");
        for (var i = 0; i < stored.Count; i++)
        {
            if (stored[i].Seq != i + 1)
                report.Violate($"seq {stored[i].Seq} at place {i + 1}");
        }

        var byHash = stored.ToLookup(t => t.Hash, StringComparer.Ordinal);
        for (var number = 0L; number < turns; number++)
        {
            var found = byHash[requests.Compose(request, number).Hashes[0]].ToArray();
            if (found.Length != 1)
                report.Violate($"number {number} is stored {found.Length} times");
            else if (new TurnPlace(found[0].Seq, found[0].Id) != _places[number])
                report.Violate($"number {number} is stored as seq {found[0].Seq}, but was answered as seq {_places[number].Seq}");
        }
    }

    private void Write(CancellationToken cancel)
    {
        using var writer = new Writer(this);
        long number;
        while (!cancel.IsCancellationRequested && (number = Interlocked.Increment(ref _next)) < turns)
            writer.Append(number, StyleOf(number));
        writer.RepeatLater(keep: 0);
    }

    private DrillRequests RequestsOfAThread() => newRequests();

    /// <summary>All answers to one key must name one place.</summary>
    private void Accept(long number, TurnPlace place)
    {
        report.Count("answered 201");
        lock (_places)
        {
            if (_places[number] == default)
                _places[number] = place;
            else if (_places[number] != place)
                report.Violate($"number {number} was answered as seq {_places[number].Seq} and as seq {place.Seq}");
        }
    }

    private SendStyle StyleOf(long number)
    {
        var random = SplitMix.Of(seed, 0xC047, number);
        return random.Share() >= retryShare ? SendStyle.Once : (SendStyle)(1 + random.Below(3));
    }

    /// <summary>One thread with two connections.</summary>
    private sealed class Writer(Contention drill) : IDisposable
    {
        private readonly HttpConnection _first = new(drill.Server, drill.Timeout);
        private readonly HttpConnection _second = new(drill.Server, drill.Timeout);
        private readonly DrillRequests _requests = drill.RequestsOfAThread();
        private readonly RequestBuffer _request = new();
        private readonly Queue<long> _later = new();

        public void Append(long number, SendStyle style)
        {
            _requests.Compose(_request, number);
            drill.Report.Count($"sent: {style}");
            switch (style)
            {
                case SendStyle.Twin:
                    Lossy(() => _second.Send(_request));
                    Settle(number, _first);
                    Lossy(() => Note(number, _second, _second.Receive()));
                    break;
                case SendStyle.Abandoned:
                    Lossy(() => _second.Send(_request));
                    _second.Close();
                    Settle(number, _first);
                    break;
                default:
                    Settle(number, _first);
                    break;
            }

            if (style == SendStyle.Later)
                _later.Enqueue(number);
            RepeatLater(LaterBy);
        }

        public void RepeatLater(int keep)
        {
            while (_later.Count > keep)
            {
                var number = _later.Dequeue();
                _requests.Compose(_request, number);
                Settle(number, _second);
            }
        }

        public void Dispose()
        {
            _first.Dispose();
            _second.Dispose();
        }

        /// <summary>Sends until it is neither refused for load nor cut off.</summary>
        private void Settle(long number, HttpConnection connection)
        {
            for (var attempt = 1; attempt <= AttemptsMax; attempt++)
            {
                var settled = false;
                Lossy(() => settled = Note(number, connection, connection.Exchange(_request)));
                if (settled)
                    return;
                Task.Delay(Math.Min(200, 5 * attempt)).Wait();
            }

            drill.Report.Violate($"number {number} was never accepted");
        }

        /// <summary>A connection may be lost: that says nothing about the request.</summary>
        private void Lossy(Action exchange)
        {
            try
            {
                exchange();
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                drill.Report.Count("connections lost");
            }
        }

        /// <summary>Takes an answer in; false when it asks to try again.</summary>
        private bool Note(long number, HttpConnection connection, int status)
        {
            if (status is 429 or 503)
            {
                drill.Report.Count($"answered {status}");
                return false;
            }

            if (status != 201)
            {
                drill.Report.Violate($"number {number} was answered {status}");
                return true;
            }

            drill.Accept(number, StoredTurns.PlacesIn(connection.Response.Body)[0]);
            return true;
        }
    }
}
