using MemoryOrleans.Embeddings;
using MemoryOrleans.Feed;
using MemoryOrleans.Memory.Tests.Recall.Ranking;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Memory.Tests.Recall;

public sealed class RecallIndexTests
{
    private static readonly PartitionKey Ada = new("acme", "ada");
    private static readonly PartitionKey Nobody = new("acme", null);
    private static readonly RecallIndexLimits Roomy = new(TimeSpan.FromMinutes(30), long.MaxValue);
    private readonly FakeClock clock = new();
    private readonly ScriptedFeed feed = new();
    private readonly RecallIndex index;

    public RecallIndexTests() => index = new RecallIndex(feed, WordEmbedder.Small, clock, Roomy);

    [Fact]
    public async Task A_turn_just_committed_is_in_the_next_read()
    {
        for (var change = 1; change <= 30; change++)
        {
            feed.Commit(Ada, Turns.Said(change, "s", change, "bread"));
            var snapshot = await ReadAsync();
            Assert.Equal((change, change), (snapshot.TurnCount, snapshot.Watermark));
        }
    }

    [Fact]
    public async Task Catching_up_reads_only_what_is_new()
    {
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"), Turns.Said(4, "s", 2, "bread"));
        var first = await ReadAsync();
        var again = await ReadAsync();
        feed.Commit(Ada, Turns.Said(9, "s", 3, "bread"));
        await ReadAsync();
        await ReadAsync();

        Assert.Same(first, again);
        Assert.Equal([(Ada, 0), (Ada, 4)], feed.Reads);
    }

    [Fact]
    public async Task A_turn_that_cannot_be_analysed_is_left_out_and_reported_and_the_others_are_there()
    {
        var picky = new RecallIndex(feed, new EmbedderThatFailsOn("unreadable"), clock, Roomy);
        var reported = new List<ItemLeftOutEventArgs>();
        picky.LeftOut.Reported += (_, item) => reported.Add(item);
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"), Turns.Said(2, "s", 2, "an unreadable turn"), Turns.Said(3, "s", 3, "salt"));

        var snapshot = (await picky.ReadAsync("acme", [Ada], CancellationToken.None)).Single();

        Assert.Equal((2, 3L, 1L), (snapshot.TurnCount, snapshot.Watermark, picky.LeftOut.Count));
        Assert.Equal(("acme", "s:2"), (reported.Single().Tenant, reported.Single().Item));
        Assert.IsType<FormatException>(reported.Single().Error);
    }

    [Fact]
    public async Task A_partition_nobody_wrote_to_is_neither_read_nor_kept()
    {
        Assert.Equal((0, 0L), ((await ReadAsync()).TurnCount, (await ReadAsync()).Watermark));
        Assert.Empty(feed.Reads);
        Assert.Equal(default, index.Size);
    }

    [Fact]
    public async Task A_tenants_scope_is_all_its_partitions_also_one_whose_turns_are_gone()
    {
        var alien = new PartitionKey("other", "ada");
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"));
        feed.Commit(alien, Turns.Said(2, "s", 1, "bread"));
        feed.Commit(Nobody, Turns.Said(3, "t", 1, "bread"));
        feed.Commit(new PartitionKey("acme", "bob"), Turns.Said(4, "u", 1, "bread"), new SessionRemoved(5, "u"));

        var snapshots = await index.ReadAsync("acme", partitions: null, CancellationToken.None);

        Assert.Equal(
            [(null, 3L, 1), ("ada", 1, 1), ("bob", 5, 0)],
            snapshots.Select(static each => (each.Key.UserId, each.Watermark, each.TurnCount)).OrderBy(static each => each.UserId));
        Assert.DoesNotContain(feed.Reads, read => read.Partition == alien);
    }

    [Fact]
    public async Task A_long_backlog_is_indexed_in_its_order_though_shared_among_threads()
    {
        var conversation = Conversation.Long(3_000);
        feed.BatchMax = 700;
        feed.Commit(Ada, conversation.Changes);

        Assert.Equal(
            Ranked.Shown(Ranked.Rank(Ranked.Build(conversation.Changes).Snapshot, conversation.Questions[0])),
            Ranked.Shown(Ranked.Rank(await ReadAsync(), conversation.Questions[0])));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public async Task Reads_at_the_same_time_share_one_build(int turns)
    {
        var (reached, release) = StopBeforeBatch();
        feed.Commit(Ada, Conversation.Long(turns).Changes);

        var reading = Enumerable.Range(0, 8).Select(_ => ReadAsync()).ToArray();
        await reached;
        Assert.All(reading, static each => Assert.False(each.IsCompleted));
        release();
        var snapshots = await Task.WhenAll(reading);

        Assert.Single(feed.Reads);
        Assert.All(snapshots, each => Assert.Equal(turns, each.TurnCount));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_nobody_waits_for_is_built_with_rests_until_somebody_does(bool isWaitedFor, bool givesUp)
    {
        const int batches = 30;
        var read = 0;
        feed.BatchMax = 3;
        feed.BeforeBatch = () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            Interlocked.Increment(ref read);
            return Task.CompletedTask;
        };
        feed.Commit(Ada, Conversation.Long(batches * feed.BatchMax).Changes);

        var behind = index.ReadBehindAsync(Ada, CancellationToken.None).AsTask();
        await Eventually.HoldsAsync(() => Volatile.Read(ref read) > 0);
        Assert.False(behind.IsCompleted);
        using var patience = new CancellationTokenSource();
        var asked = isWaitedFor ? ReadAsync(patience.Token) : behind;
        if (givesUp)
        {
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
            asked = behind;
        }

        var steps = 0;
        await Eventually.HoldsAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            steps++;
            return asked.IsCompleted;
        });

        Assert.Equal(batches * feed.BatchMax, (await asked).TurnCount);
        Assert.Same(await asked, await behind);
        Assert.Single(feed.Reads);
        Assert.True(isWaitedFor ? steps < batches : steps >= 2 * (batches - 1), $"{steps} steps");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public async Task A_caller_that_gives_up_does_not_end_the_build(int turns)
    {
        using var patience = new CancellationTokenSource();
        var (reached, release) = StopBeforeBatch();
        feed.Commit(Ada, Conversation.Long(turns).Changes);

        var impatient = ReadAsync(patience.Token);
        await reached;
        var patient = ReadAsync();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        release();

        Assert.Equal(turns, (await patient).TurnCount);
        Assert.Single(feed.Reads);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public async Task A_failing_feed_is_told_to_all_who_wait_and_the_next_read_recovers(int turns)
    {
        var (reached, release) = StopBeforeBatch(new StoreUnavailableException("The disk is gone."));
        feed.Commit(Ada, Conversation.Long(turns).Changes);

        var reading = new[] { ReadAsync(), ReadAsync() };
        await reached;
        release();
        foreach (var each in reading)
            Assert.Equal("The disk is gone.", (await Assert.ThrowsAsync<StoreUnavailableException>(() => each)).Message);
        feed.BeforeBatch = static () => Task.CompletedTask;

        Assert.Equal(turns, (await ReadAsync()).TurnCount);
    }

    [Fact]
    public async Task A_feed_that_fails_halfway_leaves_no_half_of_it()
    {
        feed.BatchMax = 100;
        feed.Commit(Ada, Conversation.Long(250).Changes);
        var batches = 0;
        feed.BeforeBatch = () => ++batches == 2 ? Task.FromException(new StoreUnavailableException("Gone.")) : Task.CompletedTask;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync());
        var snapshot = await ReadAsync();

        Assert.Equal(250, snapshot.TurnCount);
        Assert.Equal([(Ada, 0), (Ada, 0)], feed.Reads);
    }

    [Fact]
    public async Task A_feed_that_gives_up_by_itself_fails_the_read()
    {
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"));
        feed.BeforeBatch = static () => Task.FromCanceled(new CancellationToken(canceled: true));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync());
        Assert.Single(feed.Reads);
    }

    [Fact]
    public async Task A_removed_session_is_gone_at_once_and_may_begin_anew()
    {
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"), Turns.Said(2, "t", 1, "bread"));
        await ReadAsync();
        feed.Commit(Ada, new SessionRemoved(3, "s"));

        Assert.Equal(["t"], Ranked.Rank(await ReadAsync(), "bread").Select(static turn => turn.SessionId));
        feed.Commit(Ada, Turns.Said(4, "s", 1, "fresh bread"), new SessionRemoved(5, "t"), Turns.Said(6, "s", 2, "old bread"));
        Assert.Equal([("s", 1L), ("s", 2L)],
            Ranked.Rank(await ReadAsync(), "bread").Select(static turn => (turn.SessionId, turn.Seq)).Order());
    }

    [Fact]
    public async Task An_erased_turn_is_gone_at_once_and_the_rest_ranks_as_if_it_had_never_been()
    {
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"), Turns.Said(2, "s", 2, "secret rye"), Turns.Said(3, "s", 3, "bread and butter"));
        await ReadAsync();
        feed.Commit(Ada, new TurnErased(4, "s", 2));

        var after = await ReadAsync();
        Assert.Equal(4, after.Watermark);
        Assert.Equal([1L, 3], Ranked.Rank(after, "secret rye bread").Select(static turn => turn.Seq).Order());
        var never = Ranked.Build([Turns.Said(1, "s", 1, "bread"), Turns.Said(3, "s", 3, "bread and butter")]).Snapshot;
        Assert.Equal(Ranked.Rank(never, "bread").Select(static turn => (turn.Seq, turn.Score)),
            Ranked.Rank(after, "bread").Select(static turn => (turn.Seq, turn.Score)));
    }

    [Fact]
    public async Task The_erasure_of_a_turn_that_is_not_here_costs_no_rebuilding()
    {
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"));
        await ReadAsync();
        feed.Commit(Ada, new TurnErased(2, "s", 7), new TurnErased(3, "t", 1));
        await ReadAsync();

        Assert.Equal([0L, 1], feed.Reads.Select(static read => read.Watermark));
    }

    private async Task<PartitionSnapshot> ReadAsync(CancellationToken cancel = default) =>
        Assert.Single(await index.ReadAsync("acme", [Ada], cancel));

    /// <summary>Stops the feed before its next batch: a task that says it got there, and what lets it go on or fail.</summary>
    private (Task Reached, Action Release) StopBeforeBatch(Exception? failure = null)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        feed.BeforeBatch = () =>
        {
            reached.TrySetResult();
            return released.Task;
        };
        return (reached.Task, failure is null ? released.SetResult : () => released.SetException(failure));
    }

    private sealed class EmbedderThatFailsOn(string word) : IEmbedder
    {
        public string ModelId => "picky";

        public int Dimensions => WordEmbedder.Small.Dimensions;

        public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector) => text.Contains(word, StringComparison.Ordinal)
            ? throw new FormatException("This text is beyond the embedder.")
            : WordEmbedder.Small.TryEmbed(text, vector);
    }
}
