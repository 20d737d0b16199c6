using System.CommandLine;
using System.Text;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Measure;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>self-test</c> (hidden): the instrument measured before it measures.</summary>
internal static class SelfTestCommand
{
    public static Command Create()
    {
        var command = new Command("self-test", "checks histogram, HTTP parser and texts") { Hidden = true };
        command.SetAction(_ =>
        {
            var failed = Checks().Where(check => !check.Holds).Select(check => check.Name).ToArray();
            Console.WriteLine(failed.Length == 0 ? "self-test: all hold" : $"self-test: FAILED {string.Join("; ", failed)}");
            return failed.Length == 0 ? 0 : 1;
        });
        return command;
    }

    private static IEnumerable<(string Name, bool Holds)> Checks() =>
    [
        ("every value is read back within half a percent", HistogramIsExact()),
        ("quantiles of 1..100,000 are where they belong", QuantilesAreRight()),
        ("histograms add up", HistogramsAdd()),
        ("a counted body is read however it is cut",
        ReadsInPieces("HTTP/1.1 201 Created\r\nContent-Length: 5\r\nETag: \"1\"\r\n\r\nhello", 201, "hello")),
        ("header names are read in any case", ReadsInPieces("HTTP/1.1 200 OK\r\ncONTENT-lENGTH:2\r\n\r\nok", 200, "ok")),
        ("chunks are put together",
        ReadsInPieces("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nB;x=y\r\n, world; hi\r\n0\r\nTrailer: t\r\n\r\n",
        200, "hello, world; hi")),
        ("a 204 has no body", ReadsInPieces("HTTP/1.1 204 No Content\r\n\r\n", 204, "")),
        ("interim answers are passed over",
        ReadsInPieces("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x")),
        ("a body can end with the connection", ReadsInPieces("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nrest", 200, "rest")),
        ("a large body makes the buffer grow", ReadsLarge()),
        ("what is not HTTP is refused", Refuses<InvalidDataException>("SSH-2.0-OpenSSH_9.2\r\n\r\n")),
        ("an answer cut short is refused", Refuses<EndOfStreamException>("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell")),
        ("a turn's text depends on its numbers only", TextsRepeat()),
        ("an address beyond loopback is refused",
        RefusesTarget("http://10.0.0.1:80") && RefusesTarget("https://127.0.0.1") && RefusesTarget("http://example.org")),
        ("loopback addresses are taken", Target.Parse("http://localhost:81").EndPoint.Port == 81
        && Target.Parse("http://[::1]:82").EndPoint.Port == 82),
    ];

    private static bool HistogramIsExact()
    {
        for (var value = 1L; value < 1L << 40; value += 1 + (value / 50))
        {
            var read = LatencyHistogram.MiddleOf(LatencyHistogram.BucketOf(value));
            if (Math.Abs(read - value) > Math.Max(0.5, value * 0.005))
                return false;
        }

        return true;
    }

    private static bool QuantilesAreRight()
    {
        var histogram = Recorded(1, 100_000);
        return IsNear(histogram.ValueAt(0.5), 50_000) && IsNear(histogram.ValueAt(0.99), 99_000) && histogram.Max == 100_000
            && histogram.ValueAt(1) == 100_000 && IsNear((long)histogram.Mean, 50_000) && new LatencyHistogram().ValueAt(0.5) == 0;
    }

    private static bool HistogramsAdd()
    {
        var sum = Recorded(1, 50_000);
        sum.Add(Recorded(50_001, 100_000));
        return sum.Count == 100_000 && sum.Max == 100_000 && sum.ValueAt(0.95) == Recorded(1, 100_000).ValueAt(0.95);
    }

    private static LatencyHistogram Recorded(long from, long to)
    {
        var histogram = new LatencyHistogram();
        for (var value = from; value <= to; value++)
            histogram.Record(value);
        return histogram;
    }

    private static bool IsNear(long actual, long expected) => Math.Abs(actual - expected) <= expected * 0.01;

    private static bool ReadsInPieces(string answer, int status, string body)
    {
        var bytes = Encoding.ASCII.GetBytes(answer);
        return Enumerable.Range(1, bytes.Length).All(piece =>
        {
            var reader = new ResponseReader(new Script(bytes, piece));
            reader.Read();
            return reader.Status == status && Encoding.ASCII.GetString(reader.Body.Span) == body;
        });
    }

    private static bool ReadsLarge()
    {
        var body = new string('x', 300_000);
        var reader = new ResponseReader(
            new Script(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny"), 9_000));
        reader.Read();
        var large = reader.Body.Length == body.Length && reader.KeepAlive;
        reader.Read();
        return large && Encoding.ASCII.GetString(reader.Body.Span) == "y";
    }

    private static bool Refuses<TException>(string answer)
        where TException : Exception
    {
        try
        {
            new ResponseReader(new Script(Encoding.ASCII.GetBytes(answer), 4)).Read();
            return false;
        }
        catch (TException)
        {
            return true;
        }
    }

    private static bool TextsRepeat()
    {
        var first = new RequestBuffer();
        var second = new RequestBuffer();
        new TurnTexts(new Vocabulary(7), 7, 25).Write(first, 3, 9);
        var texts = new TurnTexts(new Vocabulary(7), 7, 25);
        texts.Write(second, 1, 1);
        second.Clear();
        texts.Write(second, 3, 9);
        return first.Written.SequenceEqual(second.Written) && first.Length > 10;
    }

    private static bool RefusesTarget(string address)
    {
        try
        {
            Target.Parse(address);
            return false;
        }
        catch (UsageException)
        {
            return true;
        }
    }

    /// <summary>An answer delivered in pieces of a given size.</summary>
    private sealed class Script(byte[] bytes, int piece) : IByteSource
    {
        private int _sent;

        public int Read(Span<byte> into)
        {
            var count = Math.Min(Math.Min(piece, into.Length), bytes.Length - _sent);
            bytes.AsSpan(_sent, count).CopyTo(into);
            _sent += count;
            return count;
        }
    }
}
