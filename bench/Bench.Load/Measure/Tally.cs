using System.Text;

namespace MemoryOrleans.Bench.Load.Measure;

/// <summary>What one worker saw of one kind of operation; merged when the run is over.</summary>
internal sealed class Tally(string kind)
{
    private const int SampleBytesMax = 300;

    public string Kind => kind;

    /// <summary>Latencies of the successful operations that began in the measured window.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Successful operations that also ended in the window; the rate is made of these.</summary>
    public long InWindow { get; private set; }

    public long BytesSent { get; private set; }

    public long BytesReceived { get; private set; }

    /// <summary>Failed operations by status code, or by name (<c>timeout</c>, <c>connection</c>, <c>malformed</c>).</summary>
    public SortedDictionary<string, long> Errors { get; } = new(StringComparer.Ordinal);

    /// <summary>Of the failed operations, those whose answer said when to come again (Retry-After).</summary>
    public long FailedWithRetryAfter { get; private set; }

    /// <summary>What the first failed operation answered, or null.</summary>
    public string? ErrorSample { get; private set; }

    public void Succeed(long nanoseconds, bool inWindow, int sent, int received)
    {
        Latency.Record(nanoseconds);
        InWindow += inWindow ? 1 : 0;
        BytesSent += sent;
        BytesReceived += received;
    }

    public void Fail(string error, ReadOnlySpan<byte> answer, bool hasRetryAfter)
    {
        FailedWithRetryAfter += hasRetryAfter ? 1 : 0;
        Errors[error] = Errors.GetValueOrDefault(error) + 1;
        ErrorSample ??= $"{error}: {Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, SampleBytesMax)])}";
    }

    public void Add(Tally other)
    {
        Latency.Add(other.Latency);
        InWindow += other.InWindow;
        BytesSent += other.BytesSent;
        BytesReceived += other.BytesReceived;
        foreach (var (error, count) in other.Errors)
            Errors[error] = Errors.GetValueOrDefault(error) + count;
        FailedWithRetryAfter += other.FailedWithRetryAfter;
        ErrorSample ??= other.ErrorSample;
    }
}
