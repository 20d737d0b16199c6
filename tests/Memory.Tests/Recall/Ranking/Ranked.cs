using MemoryOrleans.Embeddings;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

/// <summary>Builds partitions and ranks them, as recall does but without feed and store.</summary>
internal static class Ranked
{
    public static readonly PartitionKey Key = new("acme", "ada");

    public static IndexPartition Build(IEnumerable<FeedChange> changes, IEmbedder? embedder = null, PartitionKey? key = null)
    {
        var partition = new IndexPartition(key ?? Key, (embedder ?? WordEmbedder.Small).Dimensions);
        Append(partition, changes, embedder);
        return partition;
    }

    public static void Append(IndexPartition partition, IEnumerable<FeedChange> changes, IEmbedder? embedder = null)
    {
        var analysis = new TurnAnalyzer(embedder ?? WordEmbedder.Small);
        var watermark = partition.Snapshot.Watermark;
        foreach (var change in changes)
        {
            partition.Append(analysis.Analyze((TurnCommitted)change));
            watermark = change.Change;
        }

        partition.Publish(watermark);
    }

    public static IReadOnlyList<RankedTurn> Rank(
        IReadOnlyList<PartitionSnapshot> partitions, string question, int limit = int.MaxValue / 2, TurnMask? mask = null,
        IEmbedder? embedder = null)
    {
        var scope = new RankScope(partitions, [.. partitions.Select(_ => mask)]);
        return new RankTurns(scope, new QueryAnalyzer(embedder ?? WordEmbedder.Small).Analyze(question, scope), new RankScratch())
            .Rank(limit);
    }

    public static IReadOnlyList<RankedTurn> Rank(
        PartitionSnapshot partition, string question, int limit = int.MaxValue / 2, TurnMask? mask = null) =>
        Rank([partition], question, limit, mask);

    /// <summary>All that a caller sees of a ranking.</summary>
    public static (string SessionId, long Seq, ScoreParts Parts, double Relevance)[] Shown(IEnumerable<RankedTurn> ranked) =>
        [.. ranked.Select(static each => (each.SessionId, each.Seq, each.Parts, each.Relevance))];
}
