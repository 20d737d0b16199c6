using BenchmarkDotNet.Attributes;
using MemoryOrleans.Feed;

namespace MemoryOrleans.Bench.Micro;

/// <summary>Building a partition, per turn of thirty words: on one thread, from text to postings and vectors.</summary>
public class IndexBenchmarks
{
    private const int Turns = 10_000;
    private readonly TurnCommitted[] changes = [.. new MadeUpTurns(seed: 11).Take(Turns)];

    [Benchmark(OperationsPerInvoke = Turns)]
    public int Build() => MadeUpIndex.Build(changes).Snapshot.TurnCount;
}
