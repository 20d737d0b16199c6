using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Bench.Micro;

/// <summary>One partition of made-up turns, and a question to it.</summary>
internal sealed class MadeUpIndex
{
    private const int Seed = 20250301;
    private const int QuestionWords = 8;

    public MadeUpIndex(int turns)
    {
        var source = new MadeUpTurns(Seed);
        var partition = Build(source.Take(turns));
        Scope = new RankScope([partition.Snapshot], [null]);
        Question = source.NextText(QuestionWords);
        Query = new QueryAnalyzer(MadeUpTurns.Embedder).Analyze(Question, Scope);
        Scratch.Prepare(Scope);
    }

    public RankScope Scope { get; }

    public string Question { get; }

    public RankQuery Query { get; }

    public RankScratch Scratch { get; } = new();

    public static IndexPartition Build(IEnumerable<TurnCommitted> changes)
    {
        var partition = new IndexPartition(new PartitionKey("bench", "ann"), MadeUpTurns.Embedder.Dimensions);
        var analysis = new TurnAnalyzer(MadeUpTurns.Embedder);
        var watermark = 0L;
        foreach (var change in changes)
        {
            partition.Append(analysis.Analyze(change));
            watermark = change.Change;
        }

        partition.Publish(watermark);
        return partition;
    }
}
