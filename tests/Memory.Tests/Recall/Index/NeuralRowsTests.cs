using MemoryOrleans.Memory.Tests.Recall.Ranking;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Memory.Tests.Recall.Index;

public sealed class NeuralRowsTests
{
    private static readonly Conversation Talk = Conversation.Long(60);

    [Fact]
    public void Vectors_may_come_in_any_order_and_twice()
    {
        var partition = MeaningTalk.Build(Talk.Changes, static _ => false);
        foreach (var change in Talk.Changes.Reverse().Concat(Talk.Changes))
        {
            var session = Talk.Changes.Select(static each => each.Turn).Where(turn => turn.SessionId == change.Turn.SessionId).ToArray();
            partition.Append(change.Turn.SessionId, MeaningTalk.VectorsOf(session, turn => turn.Seq == change.Turn.Seq));
        }

        partition.Publish(Talk.Changes.Count);
        Assert.Equal(60, partition.Snapshot.Neural!.Turns);
        Assert.Equal(Shown(MeaningTalk.Build(Talk.Changes)), Shown(partition));
    }

    [Fact]
    public void A_reader_sees_the_vectors_that_were_there_when_it_came()
    {
        var partition = MeaningTalk.Build(Talk.Changes, static turn => turn.SessionId != "s1");
        var snapshot = partition.Snapshot;
        var before = Ranked.Shown(MeaningTalk.Rank(snapshot, Talk.Questions[0]));
        var session = Talk.Changes.Select(static each => each.Turn).Where(static turn => turn.SessionId == "s1").ToArray();
        partition.Append("s1", MeaningTalk.VectorsOf(session));
        partition.Publish(Talk.Changes.Count);
        Assert.Equal(before, Ranked.Shown(MeaningTalk.Rank(snapshot, Talk.Questions[0])));
        Assert.NotEqual(before, Shown(partition));
    }

    [Fact]
    public void What_is_removed_takes_its_vectors_along_and_the_others_keep_theirs()
    {
        var removed = MeaningTalk.Build(Talk.Changes).Without(new HashSet<string>(StringComparer.Ordinal) { "s1" });
        var never = MeaningTalk.Build([.. Talk.Changes.Where(static change => change.Turn.SessionId != "s1")]);
        Assert.Equal(Shown(never), Shown(removed));
        Assert.Equal(never.Snapshot.Neural!.Count, removed.Snapshot.Neural!.Count);
        var hiding = MeaningTalk.Build(Talk.Changes);
        hiding.Hide("s1");
        hiding.Publish(Talk.Changes.Count);
        Assert.Equal(Shown(never), Shown(hiding));
    }

    [Fact]
    public void Another_space_takes_the_place_of_the_one_before()
    {
        var partition = MeaningTalk.Build(Talk.Changes);
        partition.KeepVectorsOf(MeaningTalk.Space);
        Assert.NotEmpty(partition.Snapshot.Neural!.Scales.Block(0).ToArray());
        partition.KeepVectorsOf(MeaningTalk.Space with { Id = 8, Dimensions = 4 });
        partition.Publish(Talk.Changes.Count);
        Assert.Equal((8, 0), (partition.Snapshot.Neural!.Space.Id, partition.Snapshot.Neural!.Turns));
        partition.Append("s1", new Dictionary<long, NeuralTurn> { [1] = NeuralTurn.Of([1, 0, 0, 0], []),
            [999] = NeuralTurn.Of([1, 0, 0, 0], []) });
        partition.Append("nowhere", new Dictionary<long, NeuralTurn> { [1] = NeuralTurn.Of([1, 0, 0, 0], []) });
        partition.Publish(Talk.Changes.Count);
        Assert.Equal(1, partition.Snapshot.Neural!.Turns);
        Assert.Throws<InvalidOperationException>(() => Ranked.Build(Talk.Changes).Append("s1", new Dictionary<long, NeuralTurn>()));
    }

    [Fact]
    public void A_vector_of_384_components_takes_396_bytes()
    {
        var rows = new NeuralRows(new VectorSpace(1, "m", 384, VectorSpaceState.Active, DateTimeOffset.UnixEpoch));
        var vector = NeuralTurn.Of(Unit(384), []);
        for (var turn = 0; turn < 4 * Blocks<sbyte>.BlockRows; turn++)
            rows.Append(turn, vector);
        Assert.InRange(rows.Bytes / (4.0 * Blocks<sbyte>.BlockRows), 384, 396);
    }

    [Fact]
    public void Beyond_200_000_turns_of_a_partition_the_context_alone_is_kept_where_there_is_one()
    {
        var rows = new NeuralRows(new VectorSpace(1, "m", 4, VectorSpaceState.Active, DateTimeOffset.UnixEpoch));
        var whole = NeuralTurn.Of(Unit(4), [Unit(4), Unit(4)]);
        rows.Append(NeuralRows.WholeTurnsMax - 1, whole);
        rows.Append(NeuralRows.WholeTurnsMax, whole);
        rows.Append(NeuralRows.WholeTurnsMax + 1, NeuralTurn.Of(null, [Unit(4), Unit(4)]));
        var view = rows.Read();
        Assert.Equal((3, 3 + 1 + 2), (view.Turns, view.Count));
        Assert.Equal([true, false, false, true, false, false], Enumerable.Range(0, view.Count).Select(row => view.Owners[row].IsContext));
    }

    private static float[] Unit(int dimensions)
    {
        var vector = new float[dimensions];
        vector[0] = 1;
        return vector;
    }

    private static (string, long, ScoreParts, double)[] Shown(IndexPartition partition) =>
        Ranked.Shown(MeaningTalk.Rank(partition.Snapshot, Talk.Questions[0]));
}
