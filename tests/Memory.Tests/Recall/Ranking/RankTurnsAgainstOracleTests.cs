using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Models;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

/// <summary>The index and ranker against <see cref="RankingOracle"/>.</summary>
public sealed class RankTurnsAgainstOracleTests
{
    private const double Tolerance = 2e-5;

    [Fact]
    public void Every_score_part_and_relevance_is_the_formulas() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            foreach (var question in conversation.Questions)
                Compare(conversation, question, WordEmbedder.Small);
        }).Check(SameCases.Quick.WithMaxTest(300).WithEndSize(40));

    [Fact]
    public void With_static_word_vectors_too()
    {
        var embedder = new StaticEmbedder();
        Prop.ForAll(Conversation.Any, conversation => Compare(conversation, conversation.Questions[0], embedder))
            .Check(SameCases.Quick.WithMaxTest(60).WithEndSize(40));
    }

    [Fact]
    public void A_conversation_longer_than_a_block_of_the_index_is_ranked_alike()
    {
        var conversation = Conversation.Long(2_500);
        Compare(conversation, conversation.Questions[0], WordEmbedder.Small);
    }

    private static void Compare(Conversation conversation, string question, IEmbedder embedder)
    {
        var partition = Ranked.Build(conversation.Changes, embedder);
        var ranked = Ranked.Rank([partition.Snapshot], question, embedder: embedder);
        var expected = RankingOracle.Score([.. conversation.Changes.Select(static change => change.Turn)], question, embedder)
            .ToDictionary(static each => (each.SessionId, each.Seq));
        foreach (var turn in ranked)
            CompareParts(expected[(turn.SessionId, turn.Seq)], turn);
        for (var i = 1; i < ranked.Count; i++)
            Assert.True(IsInOrder(ranked[i - 1], ranked[i]));
        var answered = ranked.Select(static turn => (turn.SessionId, turn.Seq)).ToHashSet();
        Assert.Equal(ranked.Count, answered.Count);
        Assert.All(expected.Values, each => Assert.True(answered.Contains((each.SessionId, each.Seq)) || each.Score < Tolerance));
    }

    private static void CompareParts(OracleScore expected, RankedTurn actual)
    {
        Assert.Equal(expected.Lexical, actual.Parts.Lexical, Tolerance);
        Assert.Equal(expected.Vector, actual.Parts.Vector, Tolerance);
        Assert.Equal(expected.Smoothing, actual.Parts.Smoothing, Tolerance);
        Assert.Equal(expected.Session, actual.Parts.Session, Tolerance);
        Assert.Equal(expected.Multiplier, actual.Parts.Multiplier, Tolerance);
        Assert.Equal(expected.Quote, actual.Parts.Quote, Tolerance);
        Assert.Equal(expected.Score, actual.Score, Tolerance);
        Assert.Equal(expected.Relevance, actual.Relevance, Tolerance);
    }

    private static bool IsInOrder(RankedTurn before, RankedTurn after) =>
        before.Score != after.Score
            ? before.Score > after.Score
            : (string.CompareOrdinal(before.SessionId, after.SessionId), before.Seq - after.Seq) is ( < 0, _) or (0, < 0);
}
