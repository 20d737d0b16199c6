using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

public sealed class NeuralScoresTests
{
    private static readonly VectorSpace Space = new(3, "model", 4, VectorSpaceState.Active, DateTimeOffset.UnixEpoch);
    private static readonly DateTimeOffset AllSeen = Turns.Noon.AddHours(1);

    private readonly IndexPartition partition = Ranked.Build(
    [
        Turns.Said(1, "a", 1, "the heron nests"), Turns.Said(2, "b", 1, "a green fence"), Turns.Said(3, "a", 2, "by the lake"),
        Turns.Said(4, "a", 3, "it was late"), Turns.Said(5, "b", 2, "boats in rain"),
    ]);

    [Fact]
    public void Hits_are_stretched_between_the_farthest_and_the_nearest()
    {
        var scores = Of([new VectorHit("a", 2, 0.8f), new VectorHit("b", 1, 0.75f), new VectorHit("a", 3, 0.7f)]);
        Assert.Equal([(1, 0.5f), (2, 1f), (3, 0f)],
            scores.Hits[0].OrderBy(static hit => hit.Key).Select(static hit => (hit.Key, MathF.Round(hit.Value, 4))));
        Assert.Equal((3, "model"), (scores.Allowed, scores.Model));
    }

    [Fact]
    public void One_hit_keeps_its_cosine() =>
        Assert.Equal(0.7f, Of([new VectorHit("a", 2, 0.7f)]).Hits[0][2]);

    [Fact]
    public void Hits_newer_than_the_snapshot_or_gone_since_are_left_out()
    {
        var scope = new RankScope([partition.Snapshot], [null]);
        Ranked.Append(partition, [Turns.Said(6, "a", 4, "later")]);
        var scores = NeuralScores.Of(
            Space, scope, [new VectorHit("a", 4, 0.9f), new VectorHit("gone", 1, 0.8f), new VectorHit("a", 1, 0.7f)], AllSeen);
        Assert.Equal([0], scores.Hits[0].Keys);
    }

    [Fact]
    public void Masked_hits_do_not_count_as_allowed_but_still_speak_for_their_neighbours()
    {
        var mask = new TurnMask(Role: "user", SessionId: "b");
        var hits = new[] { new VectorHit("b", 1, 0.9f), new VectorHit("a", 1, 0.5f) };
        Assert.Equal(1, Of(hits, mask).Allowed);
        Assert.Equal(["b1", "b2"], Rank(hits, mask, AllSeen).Select(static each => $"{each.SessionId}{each.Seq}"));
    }

    [Fact]
    public void Turns_beyond_the_hits_have_nothing_and_turns_not_seen_yet_their_static_share()
    {
        var hits = new[] { new VectorHit("b", 1, 0.9f), new VectorHit("b", 2, 0.5f) };
        Assert.Equal(0, PartsOf(Rank(hits, null, AllSeen), "a", 1).Vector);
        Assert.Equal(0.5, PartsOf(Rank(hits, null, Turns.Noon.AddHours(-1)), "a", 1).Vector, 6);
        Assert.Equal(0.5, PartsOf(Rank(hits, null, AllSeen), "b", 1).Vector, 6);
        Assert.All(Rank(hits, null, AllSeen), static each => Assert.Equal(
            each.Score, each.Parts.Lexical + each.Parts.Vector + each.Parts.Smoothing + each.Parts.Session + each.Parts.Subject, 1e-6));
    }

    private static ScoreParts PartsOf(IReadOnlyList<RankedTurn> ranked, string session, long seq) =>
        ranked.Single(each => each.SessionId == session && each.Seq == seq).Parts;

    private NeuralScores Of(VectorHit[] hits, TurnMask? mask = null) =>
        NeuralScores.Of(Space, new RankScope([partition.Snapshot], [mask]), hits, AllSeen);

    private IReadOnlyList<RankedTurn> Rank(VectorHit[] hits, TurnMask? mask, DateTimeOffset unseenFrom)
    {
        var scope = new RankScope([partition.Snapshot], [mask]);
        var question = new QueryAnalyzer(WordEmbedder.Small).Analyze("the heron nests", scope)
            with { Neural = NeuralScores.Of(Space, scope, hits, unseenFrom) };
        return new RankTurns(scope, question, new RankScratch()).Rank(10);
    }
}
