using System.Collections.Concurrent;

namespace MemoryOrleans.Bench.Fuzz.Measure;

/// <summary>What is wrong with an answer, and how to send its request again.</summary>
internal sealed record FuzzFailure(int Number, string Operation, string What, string Request);

/// <summary>Counts by operation and status, the slowest answers, and what failed. For many writers.</summary>
internal sealed class Tally
{
    /// <summary>For what was ended without an answer: a bare connection may be.</summary>
    public const int Closed = 0;

    private const int FailuresMax = 50;
    private readonly ConcurrentDictionary<(string Operation, int Status), int> counts = new();
    private readonly ConcurrentDictionary<string, double> slowest = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FuzzFailure> failures = new();
    private int failed;

    public int Failed => Volatile.Read(ref failed);

    public IReadOnlyList<FuzzFailure> Failures => [.. failures];

    public IReadOnlyDictionary<(string Operation, int Status), int> Counts => counts;

    public void Count(string operation, int status, TimeSpan took)
    {
        counts.AddOrUpdate((operation, status), 1, static (_, count) => count + 1);
        slowest.AddOrUpdate(operation, took.TotalMilliseconds, (_, before) => Math.Max(before, took.TotalMilliseconds));
    }

    public void Fail(FuzzFailure failure)
    {
        // All are counted, the first are told.
        if (Interlocked.Increment(ref failed) <= FailuresMax)
            failures.Enqueue(failure);
    }

    /// <summary>A line an operation: how often each status, and the slowest answer.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var operation in counts.GroupBy(static each => each.Key.Operation)
            .OrderBy(static each => each.Key, StringComparer.Ordinal))
        {
            var statuses = string.Join(' ',
                operation.OrderBy(static each => each.Key.Status).Select(static each => $"{each.Key.Status}:{each.Value}"));
            yield return $"{operation.Key,-22} slowest {slowest[operation.Key],6:0} ms  {statuses}";
        }

        var all = counts.GroupBy(static each => each.Key.Status).OrderBy(static each => each.Key);
        yield return "all: " + string.Join(' ', all.Select(static each => $"{each.Key}:{each.Sum(static one => one.Value)}"));
    }
}
