using BenchmarkDotNet.Attributes;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Bench.Micro;

/// <summary>The whole ranker: a question of eight words made ready, all turns scored, the ten best explained.</summary>
public class RankerBenchmarks
{
    private readonly QueryAnalyzer analyze = new(MadeUpTurns.Embedder);
    private MadeUpIndex? index;

    [Params(10_000, 100_000)]
    public int Turns { get; set; }

    [GlobalSetup]
    public void Prepare() => index = new MadeUpIndex(Turns);

    [Benchmark]
    public double Rank() => new RankTurns(index!.Scope, analyze.Analyze(index.Question, index.Scope), index.Scratch).Rank(10)[0].Score;
}
