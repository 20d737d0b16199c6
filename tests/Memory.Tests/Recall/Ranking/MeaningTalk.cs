using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Meaning;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

/// <summary>
/// Partitions with vectors of an encoder beside their turns: the encoder is a <see cref="WordEmbedder"/> of other dimensions.
/// </summary>
internal static class MeaningTalk
{
    public static readonly WordEmbedder Encoder = new(36);
    public static readonly VectorSpace Space = new(7, "encoder", 36, VectorSpaceState.Active, DateTimeOffset.UnixEpoch);

    /// <param name="isEmbedded">Which turns have vectors; null: all.</param>
    public static IndexPartition Build(IReadOnlyList<TurnCommitted> changes, Func<Turn, bool>? isEmbedded = null)
    {
        var partition = new IndexPartition(Ranked.Key, WordEmbedder.Small.Dimensions);
        partition.KeepVectorsOf(Space);
        var analysis = new TurnAnalyzer(WordEmbedder.Small, resolvesDays: true);
        foreach (var change in changes)
            partition.Append(analysis.Analyze(change));
        foreach (var session in changes.GroupBy(static change => change.Turn.SessionId, StringComparer.Ordinal))
            partition.Append(session.Key, VectorsOf([.. session.Select(static change => change.Turn)], isEmbedded));
        partition.Publish(changes.Count);
        return partition;
    }

    public static Dictionary<long, NeuralTurn> VectorsOf(IReadOnlyList<Turn> turns, Func<Turn, bool>? isEmbedded = null) => turns
        .Select((turn, i) => (turn, texts: EncoderTexts.Of(turn, i == 0 ? null : turns[i - 1])))
        .Where(each => isEmbedded?.Invoke(each.turn) ?? true)
        .ToDictionary(static each => each.turn.Seq,
        static each => NeuralTurn.Of(Embed(each.texts.Context), [.. each.texts.Pieces.Select(Embed)]));

    public static float[] Embed(string text)
    {
        var vector = new float[Encoder.Dimensions];
        Encoder.TryEmbed(text, vector);
        return vector;
    }

    public static RankQuery Ask(RankScope scope, string question)
    {
        var text = MeaningQuery.TextOf(question, scope);
        return new QueryAnalyzer(WordEmbedder.Small).Analyze(question, scope)
            with { Meaning = MeaningQuery.Of(question, text, Space, Embed(text)) };
    }

    public static IReadOnlyList<RankedTurn> Rank(PartitionSnapshot partition, string question)
    {
        var scope = new RankScope([partition], [null]);
        return new RankTurns(scope, Ask(scope, question), new RankScratch()).Rank(int.MaxValue / 2);
    }

    public static ScoreParts PartsOf(IReadOnlyList<RankedTurn> ranked, string session, long seq) =>
        ranked.Single(each => each.SessionId == session && each.Seq == seq).Parts;
}
