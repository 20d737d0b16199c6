using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Feed;
using MemoryOrleans.Memory.Tests.Recall.Ranking;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Index;

public sealed class IndexPartitionTests
{
    private static readonly Config Runs = SameCases.Quick.WithMaxTest(200).WithEndSize(40);

    [Fact]
    public void Grown_in_any_batches_it_ranks_as_built_at_once() =>
        Prop.ForAll(Conversation.Any, Gen.Choose(0, 9).ArrayOf().ToArbitrary(), static (conversation, sizes) =>
        {
            var grown = Ranked.Build([]);
            var rest = conversation.Changes;
            foreach (var size in sizes)
            {
                Ranked.Append(grown, rest.Take(size));
                rest = [.. rest.Skip(size)];
            }

            Ranked.Append(grown, rest);
            AssertSame(conversation, Ranked.Build(conversation.Changes).Snapshot, grown.Snapshot);
        }).Check(Runs);

    [Fact]
    public void An_old_snapshot_ranks_as_at_its_time_whatever_is_appended_later() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            var partition = Ranked.Build([]);
            var snapshots = new List<PartitionSnapshot> { partition.Snapshot };
            foreach (var change in conversation.Changes)
            {
                Ranked.Append(partition, [change]);
                snapshots.Add(partition.Snapshot);
            }

            for (var count = 0; count < snapshots.Count; count++)
            {
                Assert.Equal(count, snapshots[count].Watermark);
                AssertSame(conversation, Ranked.Build(conversation.Changes.Take(count)).Snapshot, snapshots[count]);
            }
        }).Check(Runs.WithMaxTest(60));

    [Fact]
    public void What_is_appended_is_seen_when_it_is_published()
    {
        var partition = Ranked.Build([Turns.Said(1, "s", 1, "bread")]);
        partition.Append(new TurnAnalyzer(WordEmbedder.Small).Analyze(Turns.Said(2, "s", 2, "more bread")));

        Assert.Single(Ranked.Rank(partition.Snapshot, "bread"));
        Assert.Equal(1, partition.Snapshot.Watermark);
        partition.Publish(2);
        Assert.Equal(2, Ranked.Rank(partition.Snapshot, "bread").Count);
        Assert.Equal(2, partition.Snapshot.Watermark);
    }

    [Fact]
    public void Without_a_session_it_is_as_if_that_had_never_been_indexed() =>
        Prop.ForAll(Conversation.Any, Gen.Choose(0, Conversation.SessionsMax - 1).ArrayOf().ToArbitrary(), static (conversation, removed) =>
        {
            var ids = removed.Select(Conversation.SessionId).ToHashSet();
            var partition = Ranked.Build(conversation.Changes);
            var before = partition.Snapshot;

            var kept = partition.Without(ids);

            var rest = conversation.Changes.Where(change => !ids.Contains(change.Turn.SessionId)).ToArray();
            AssertSame(conversation, Ranked.Build(rest).Snapshot, kept.Snapshot);
            AssertSame(conversation, Ranked.Build(conversation.Changes).Snapshot, before);
            Assert.Equal(before.Watermark, kept.Snapshot.Watermark);
            Assert.All(ids, id => Assert.False(kept.Holds(id)));
        }).Check(Runs);

    [Fact]
    public void Appending_goes_on_after_a_session_is_gone() =>
        Prop.ForAll(Conversation.Any, Conversation.Any, static (before, after) =>
        {
            const string removed = "s0";
            var later = Shift(after, before.Sayings.Length);
            var partition = Ranked.Build(before.Changes).Without(new HashSet<string> { removed });
            Ranked.Append(partition, later);
            AssertSame(after, Ranked.Build([.. before.Changes.Where(static change => change.Turn.SessionId != removed), .. later])
                .Snapshot, partition.Snapshot);
        }).Check(Runs.WithMaxTest(100));

    [Fact]
    public void Partitions_together_rank_as_one_that_holds_all_their_turns() =>
        Prop.ForAll(Conversation.Any, Gen.Choose(1, 4).ToArbitrary(), static (conversation, count) =>
        {
            var whole = Ranked.Build(conversation.Changes).Snapshot;
            var parts = Enumerable.Range(0, count)
                .Select(number => Ranked.Build(conversation.Changes.Where(change => (change.Turn.SessionId[1] - '0') % count == number))
                .Snapshot)
                .ToArray();
            foreach (var question in conversation.Questions)
            {
                var expected = Ranked.Shown(Ranked.Rank(whole, question));
                Assert.Equal(expected, Ranked.Shown(Ranked.Rank(parts, question)));
                Assert.Equal(expected, Ranked.Shown(Ranked.Rank([.. parts.Reverse()], question)));
            }
        }).Check(Runs);

    [Fact]
    public async Task Readers_rank_their_snapshots_while_another_thread_appends()
    {
        const int rounds = 40;
        var conversation = Conversation.Long(6_000);
        var partition = Ranked.Build(conversation.Changes.Take(10));
        var seen = new Dictionary<int, (PartitionSnapshot Snapshot, object Ranking)>();
        var writing = Task.Run(() =>
        {
            var analysis = new TurnAnalyzer(WordEmbedder.Small);
            foreach (var change in conversation.Changes.Skip(10))
            {
                partition.Append(analysis.Analyze(change));
                partition.Publish(change.Change);
            }
        });

        for (var round = 0; round < rounds; round++)
        {
            var snapshot = partition.Snapshot;
            seen[snapshot.TurnCount] = (snapshot, Shown(snapshot));
            await Task.Yield();
        }

        await writing;
        Assert.Equal(6_000, partition.Snapshot.TurnCount);
        var rebuilt = Ranked.Build([]);
        foreach (var (count, (snapshot, ranking)) in seen.OrderBy(static each => each.Key))
        {
            Ranked.Append(rebuilt, conversation.Changes.Skip(rebuilt.Snapshot.TurnCount).Take(count - rebuilt.Snapshot.TurnCount));
            Assert.Equal(Shown(rebuilt.Snapshot), ranking);
            Assert.Equal(ranking, Shown(snapshot));
        }

        (string, long, ScoreParts, double)[] Shown(PartitionSnapshot snapshot) =>
            Ranked.Shown(Ranked.Rank(snapshot, conversation.Questions[0], 100));
    }

    [Fact]
    public void Speakers_beyond_what_a_number_holds_do_not_stop_it()
    {
        var partition = new IndexPartition(Ranked.Key, WordEmbedder.Small.Dimensions);
        var analysis = new TurnAnalyzer(WordEmbedder.Small);
        var said = analysis.Analyze(Turns.Said(1, "s", 1, "bread"));
        for (var i = 0; i < 66_000; i++)
            partition.Append(said with { Seq = i + 1, Name = $"Guest{i}" });
        partition.Publish(66_000);

        Assert.Equal(ushort.MaxValue, partition.Snapshot.SpeakerCount);
        Assert.Equal(10, Ranked.Rank(partition.Snapshot, "bread", 10).Count);
    }

    [Fact]
    public void The_bytes_it_reports_grow_with_its_turns()
    {
        var sizes = new[] { 0, 500, 5_000 }.Select(static turns => Ranked.Build(Conversation.Long(turns).Changes).Bytes).ToArray();

        Assert.True(sizes[0] < sizes[1] && sizes[1] < sizes[2]);
        Assert.InRange(sizes[2] / 5_000, 50, 2_000);
    }

    private static void AssertSame(Conversation conversation, PartitionSnapshot expected, PartitionSnapshot actual)
    {
        Assert.Equal(expected.TurnCount, actual.TurnCount);
        Assert.Equal(expected.ChunkCount, actual.ChunkCount);
        Assert.Equal(expected.VectorCount, actual.VectorCount);
        Assert.Equal(expected.TermTotal, actual.TermTotal);
        foreach (var question in conversation.Questions)
            Assert.Equal(Ranked.Shown(Ranked.Rank(expected, question)), Ranked.Shown(Ranked.Rank(actual, question)));
    }

    // The second conversation goes on where the first ended, under numbers of its own.
    private static TurnCommitted[] Shift(Conversation conversation, int by) =>
        [.. conversation.Changes.Select(change => change
        with { Change = change.Change + by, Turn = change.Turn with { Seq = change.Turn.Seq + 1_000 } })];
}
