using MemoryOrleans.Erasures;
using MemoryOrleans.Facts;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using static MemoryOrleans.Storage.Conformance.SampleMemories;

namespace MemoryOrleans.Storage.Conformance;

public abstract partial class ErasureConformance : StoreConformance
{
    /// <summary>Whether what the store keeps can be searched for words while they are there.</summary>
    protected virtual bool TextsAreReadable => true;

    private PartitionKey Ada => new(Tenant, "ada");

    private ErasureOperations Erase => EraseOver(Sessions, Store.Memories, Store.Graph, Store.Erasures);

    private int erasures;

    private SampleMemories Some => new(Tick);

    [Fact]
    public async Task Erased_turns_leave_their_place_and_nothing_they_said()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two", "three", "four");
        var version = script.Session!.Version;
        Assert.Equal((true, true), (script.Turns[2].Name is not null, script.Turns[3].Metadata is not null));

        Assert.Equal(new ErasureCounts(Turns: 2), await Store.Erasures.EraseTurnsAsync(script.Key, [3, 4, 77], Tick(), default));

        var expected = script.Turns.Select(turn => turn.Seq < 3 ? turn : Emptied(turn)).ToArray();
        Assert.Equal(expected, await ReadAllAsync(script));
        Assert.Equal(expected, await Sessions.ReadTailAsync(script.Key, 10, default));
        Assert.Equal(expected[2], Assert.Single(await Sessions.ReadTurnsAsync(Tenant, [new TurnAddress("s", 3)], default)));
        Assert.Equal(expected[2], Assert.Single(await Sessions.FindTurnsAsync(script.Key, [script.Turns[2].Id], default)));
        var session = (await Sessions.FindSessionAsync(script.Key, default)).Session!;
        Assert.Equal((4L, version + 1), (session.LastSeq, session.Version));
        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(script.PrepareAppend("by one who knows nothing of it")));
        Assert.Equal(new ErasureCounts(), await Store.Erasures.EraseTurnsAsync(script.Key, [3, 4], Tick(), default));
        Assert.Equal(version + 1, (await Sessions.FindSessionAsync(script.Key, default)).Session!.Version);
    }

    [Fact]
    public async Task A_session_goes_on_after_its_turns_were_erased()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        Assert.Equal(2, (await Store.Erasures.EraseTurnsAsync(script.Key, null, Tick(), default)).Turns);
        var next = script.PrepareAppend("three");
        var aware = next with { ExpectedVersion = 2, After = next.After with { Version = 3 } };

        Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(aware));
        Assert.Equal([true, true, false], (await ReadAllAsync(script)).Select(turn => turn.IsErased));
        Assert.Equal([1L, 2, 3], (await ReadAllAsync(script)).Select(turn => turn.Seq));
        Assert.Equal("three", Assert.IsType<TurnCommitted>(Assert.Single(await ReadFeedAsync(Ada))).Turn.Content);
    }

    [Fact]
    public async Task Nothing_is_erased_of_sessions_that_are_absent_or_another_tenant_s()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one");

        Assert.Equal(new ErasureCounts(), await Store.Erasures.EraseTurnsAsync(new SessionKey(Tenant, "nobody"), null, Tick(), default));
        Assert.Equal(new ErasureCounts(), await Store.Erasures.EraseTurnsAsync(new SessionKey(NewTenant(), "s"), null, Tick(), default));
        Assert.Equal(new ErasureCounts(), await Store.Erasures.EraseTurnsAsync(script.Key, [], Tick(), default));
        Assert.Equal(script.Turns, await ReadAllAsync(script));
    }

    [Fact]
    public async Task Followers_of_the_feed_learn_which_turns_are_gone()
    {
        var (script, other) = (Script("s", "ada"), Script("other", "ada"));
        await script.AppendAsync("one", "two", "three");
        await other.AppendAsync("stays");
        var follower = new FeedFollower(Ada);
        await follower.CatchUpAsync(Feed);
        var watermark = follower.Watermark;

        await Store.Erasures.EraseTurnsAsync(script.Key, [1, 3], Tick(), default);
        Assert.Equal([1L, 3], (await ReadFeedAsync(Ada, watermark)).Cast<TurnErased>().Select(change => change.Seq));
        await CompareAsync(follower, script.Turns[1], other.Turns[0]);

        await Store.Erasures.EraseTurnsAsync(script.Key, null, Tick(), default);
        await CompareAsync(follower, other.Turns[0]);
        await Store.ReopenAsync();
        await CompareAsync(follower, other.Turns[0]);
    }

    [Fact]
    public async Task Idempotency_records_of_erased_turns_are_gone_and_others_stay()
    {
        var script = Script("s", "ada");
        foreach (var key in new[] { "k1", "k2", "k3" })
            await script.AppendOnceAsync("scope", key, Tick().AddHours(1), "one", "two");

        Assert.Equal(1, (await Store.Erasures.EraseTurnsAsync(script.Key, [4], Tick(), default)).IdempotencyRecords);
        foreach (var (key, isThere) in new[] { ("k1", true), ("k2", false), ("k3", true) })
            Assert.Equal(isThere, await Sessions.FindIdempotencyAsync(Tenant, "scope", key, Tick(), default) is not null);
        Assert.Equal(2, (await Store.Erasures.EraseTurnsAsync(script.Key, null, Tick(), default)).IdempotencyRecords);
    }

    [Fact]
    public async Task Vectors_and_due_work_go_with_the_turns_and_cannot_be_saved_after()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        var space = await Store.Vectors.OpenSpaceAsync($"model-{Tenant}", 2, Tick(), default);
        TurnVector[] vectors = [new(1, script.Turns[0].Id, 0, [1, 0]), new(1, script.Turns[0].Id, 1, [1, 0]),
            new(2, script.Turns[1].Id, 0, [0, 1])];
        await Store.Vectors.SaveAsync(space, Tenant, "s", vectors, default);
        await Store.Due.WakeAsync(Tenant, "some:work", "s", Tick(), default);
        await Store.Due.WakeAsync(Tenant, "some:work", "other", Tick(), default);

        Assert.Equal(new ErasureCounts(Turns: 1, Vectors: 3), await Store.Erasures.EraseTurnsAsync(script.Key, [1], Tick(), default));
        await Store.Vectors.SaveAsync(space, Tenant, "s", vectors, default);
        Assert.Equal(1, await Store.Vectors.CountTurnsAsync(space, Tenant, default));
        Assert.Contains("s", await ListDueAsync());

        var counts = await Store.Erasures.EraseTurnsAsync(script.Key, null, Tick(), default);
        Assert.Equal((1L, 1L), (counts.Turns, counts.Vectors));
        Assert.True(counts.DueWork >= 1);
        Assert.Equal(0, await Store.Vectors.CountTurnsAsync(space, Tenant, default));
        Assert.DoesNotContain("s", await ListDueAsync());
        Assert.Contains("other", await ListDueAsync());
    }

    [Fact]
    public async Task The_turn_after_an_erased_one_loses_its_vectors_and_they_are_made_again_without_it()
    {
        var space = await Store.Vectors.OpenSpaceAsync($"model-{Tenant}", 2, Tick(), default);
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two", "three", "four", "five");
        TurnVector[] vectors = [.. script.Turns.Select(static turn =>
            new TurnVector(turn.Seq, turn.Id, 0, [1, 0]) { HoldsPrevious = turn.Seq > 1 })];
        Assert.True(await Store.Vectors.SaveAsync(space, Tenant, "s", vectors, default));
        var kind = DueKinds.Embed(space.Id);
        var claimed = Assert.Single(await Store.Due.ClaimAsync([kind], 1, Tick().AddHours(1), TimeSpan.FromMinutes(1), default));

        // The second and the third go, and the fourth, which was made with the third; the claim under way must not move on past it.
        Assert.Equal(new ErasureCounts(Turns: 2, Vectors: 3), await Store.Erasures.EraseTurnsAsync(script.Key, [2, 3], Tick(), default));
        Assert.Equal([1L, 5], await ReadSeqsAsync(space));
        Assert.False(await Store.Due.FinishAsync(claimed, 5, Tick(), default));
        Assert.Equal(3, (await Store.Due.FindAsync(Tenant, kind, "s", default))!.Cursor);

        Assert.False(await Store.Vectors.SaveAsync(space, Tenant, "s", vectors[3..], default));
        Assert.Equal([1L, 5], await ReadSeqsAsync(space));
        Assert.True(await Store.Vectors.SaveAsync(space, Tenant, "s", [vectors[3] with { HoldsPrevious = false }], default));
        Assert.Equal([1L, 4, 5], await ReadSeqsAsync(space));

        var again = Assert.Single(await Store.Due.ClaimAsync([kind], 1, Tick().AddHours(2), TimeSpan.FromMinutes(1), default));
        Assert.True(await Store.Due.FinishAsync(again, 5, Tick(), default));
        await Store.Erasures.EraseTurnsAsync(script.Key, [4], Tick(), default);
        Assert.Equal(4, (await Store.Due.FindAsync(Tenant, kind, "s", default))!.Cursor);
        Assert.Equal([1L], await ReadSeqsAsync(space));
    }

    private async Task<IEnumerable<long>> ReadSeqsAsync(VectorSpace space) =>
        (await Store.Vectors.ReadVectorsAsync(space, Tenant, [new TurnSpan("s", 1, 9)], default)).Select(static each => each.Seq);

    [Fact]
    public async Task An_erased_memory_says_only_that_it_was()
    {
        var first = Some.New("m", "one", "ada", new SourceTurn("s", "t", 1));
        var second = Some.Next(first, "two");
        await CommitAsync(Write(first, "k"));
        await CommitAsync(Write(second, "k"));
        var watermark = await Store.Memories.MemoryFeed.HeadAsync(Ada, default);

        var receipt = (await EraseAsync(ErasureKind.Memory, "m")).Value;
        Assert.Equal(new ErasureCounts(Memories: 1, Versions: 2), receipt.Counts);
        Assert.Equal(ErrorCode.NotFound, (await EraseAsync(ErasureKind.Memory, "m")).Error?.Code);
        Assert.Equal(ErrorCode.NotFound, (await EraseAsync(ErasureKind.Memory, "nobody")).Error?.Code);

        var history = await Store.Memories.ReadHistoryAsync(Tenant, "m", default);
        Assert.Equal([1L, 2, 3], history.Select(version => version.Version));
        Assert.Equal((MemoryChange.Erased, receipt.Id), (history[2].Change, history[2].Operation));
        Assert.All(history, version => Assert.Equal(
            ("", null, null, 0, MemoryStatus.Erased),
            (version.Content, version.Metadata, version.Claim, version.Topics.Count + version.Entities.Count + version.Sources.Count,
            version.Status)));
        Assert.Empty(await Store.Memories.FindByKeysAsync(Tenant, "ada", ["k"], default));
        Assert.Empty(await Store.Memories.FindCitingAsync(Tenant, "s", null, 10, default));
        var changes = new List<FeedChange>();
        await foreach (var batch in Store.Memories.MemoryFeed.ReadSinceAsync(Ada, watermark, default))
            changes.AddRange(batch);
        Assert.Equal("m", Assert.IsType<SessionRemoved>(Assert.Single(changes)).SessionId);
        Assert.Equal(CommitStatus.Stale,
            await Store.Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [Write(Some.Next(second))]), default));
    }

    [Fact]
    public async Task A_redaction_rewrites_earlier_versions_or_changes_nothing_when_stale()
    {
        var first = Some.New("m", "one two", "ada", new SourceTurn("s", "t", 1), new("s", "t2", 2));
        await CommitAsync(Write(first));
        var next = Some.Next(first) with { Sources = [new SourceTurn("s", "t2", 2)] };
        MemoryRecord[] redacted = [first with { Content = "one", Topics = [], Metadata = null, Sources = next.Sources }];

        Assert.Equal(CommitStatus.Stale, await Store.Erasures.RedactMemoryAsync(Tenant, Write(Some.Next(next)), redacted, default));
        AssertSame([first], await Store.Memories.ReadHistoryAsync(Tenant, "m", default));
        Assert.Equal(CommitStatus.Committed, await Store.Erasures.RedactMemoryAsync(Tenant, Write(next), redacted, default));
        AssertSame([redacted[0] with { SupersededAt = next.RecordedAt }, next],
            await Store.Memories.ReadHistoryAsync(Tenant, "m", default));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Store.Erasures.RedactMemoryAsync(Tenant, Write(Some.Next(next)), [Some.New("other", "x")], default));
    }

    [Fact]
    public async Task Nothing_a_user_said_is_anywhere_in_the_store_after_the_user_is_erased()
    {
        var (ada, bob) = (await FillAsync("ada"), await FillAsync("bob"));
        if (TextsAreReadable)
            Assert.Equal([.. ada.Order(StringComparer.Ordinal), .. bob.Order(StringComparer.Ordinal)], await FindAsync([.. ada, .. bob]));

        var counts = (await EraseAsync(ErasureKind.User, "ada")).Value.Counts;

        Assert.Equal((360L, 120L, 240L), (counts.Turns, counts.Memories, counts.Versions));
        Assert.Empty(await FindAsync(ada));
        if (TextsAreReadable)
            Assert.Equal(bob.Order(StringComparer.Ordinal), await FindAsync(bob));
        Assert.Equal(ErrorCode.NotFound, (await EraseAsync(ErasureKind.User, "ada")).Error?.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopped_at_any_call_an_erasure_is_ended_by_its_due_work(bool takesEffect)
    {
        for (var failAt = 1; ; failAt++)
        {
            var words = await FillAsync($"u{failAt}", 2, cited: true);
            var failing = new FailingCall(failAt, takesEffect, static () => new StoreUnavailableException("not now"));
            var stopped = EraseOver(failing.Over(Sessions), failing.Over(Store.Memories), failing.Over(Store.Graph),
                failing.Over(Store.Erasures));
            await TryEraseAsync(stopped, $"u{failAt}");
            await EndDueAsync();
            if ((await ListAsync()).All(erasure => erasure.Target.Id != $"u{failAt}"))
                await TryEraseAsync(Erase, $"u{failAt}");

            Assert.Empty(await FindAsync(words));
            Assert.All(await ListAsync(), static erasure => Assert.True(erasure.IsDone));
            var receipt = (await ListAsync()).Single(erasure => erasure.Target.Id == $"u{failAt}");
            Assert.Equal((6L, 2L, 4L, 1L),
                (receipt.Counts.Turns, receipt.Counts.Memories, receipt.Counts.Versions, receipt.Counts.Observations));
            Assert.DoesNotContain(receipt.Id, await ListDueAsync());
            if (!failing.HasFailed)
                break;
            Assert.True(failAt < 200, "It calls the store without end.");
        }
    }

    [Fact]
    public async Task An_erasure_that_loses_patience_goes_on_where_it_was()
    {
        var words = await FillAsync("ada", 3, cited: true);
        var begun = (await Erase.EraseAsync(Tenant, new ErasureTarget(ErasureKind.User, "ada"), null, "test", TimeSpan.FromTicks(-1),
            default)).Value;
        Assert.Equal((false, null), (begun.IsDone, begun.Digest));
        Assert.Equal(TextsAreReadable, (await FindAsync(words)).Any());

        await EndDueAsync();
        var ended = (await Store.Erasures.FindErasureAsync(Tenant, begun.Id, default))!;
        Assert.Equal((true, 64), (ended.IsDone, ended.Digest?.Length));
        Assert.Equal((9L, begun.Before), (ended.Counts.Turns, ended.Before));
        Assert.Empty(await FindAsync(words));
        Assert.Equal(["erasure.completed", "erasure.requested"],
            (await Store.Audit.ListAuditAsync(Tenant, null, 10, default)).Value.Items.Select(static entry => entry.Action));
    }

    [Fact]
    public async Task What_is_appended_after_an_erasure_was_recorded_stays()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        var begun = (await Erase.EraseAsync(Tenant, new ErasureTarget(ErasureKind.Session, "s"), null, "test", TimeSpan.FromTicks(-1),
            default)).Value;
        await script.AppendAsync("three");
        await EndDueAsync();

        Assert.Equal([true, true, false], (await ReadAllAsync(script)).Select(static turn => turn.IsErased));
        Assert.Equal(2, (await Store.Erasures.FindErasureAsync(Tenant, begun.Id, default))!.Counts.Turns);
    }

    [Fact]
    public async Task A_version_that_cited_an_erased_turn_once_loses_what_it_said()
    {
        var (hers, his) = (Script("hers", "ada"), Script("his", "bob"));
        await hers.AppendAsync("a secret");
        await his.AppendAsync("The cat is called Miso.");
        var first = Some.New("m", "CANARY secret", "bob", new SourceTurn("hers", hers.Turns[0].Id, 1));
        await CommitAsync(Write(first));
        await CommitAsync(Write(Some.Next(first, "The cat is called Miso.")
            with { Sources = [new SourceTurn("his", his.Turns[0].Id, 1)] }));

        var receipt = (await EraseAsync(ErasureKind.Session, "hers")).Value;
        Assert.Equal((1L, 0L, 1L), (receipt.Counts.Redacted, receipt.Counts.Memories, receipt.Counts.Turns));
        Assert.Empty(await FindAsync(["CANARY"]));
        var history = await Store.Memories.ReadHistoryAsync(Tenant, "m", default);
        Assert.Equal(["", "The cat is called Miso.", "The cat is called Miso."], history.Select(static version => version.Content));
        Assert.Empty(await Store.Memories.FindCitingAsync(Tenant, "hers", null, 10, default));
        Assert.Single(await Store.Memories.FindCitingAsync(Tenant, "his", null, 10, default));
    }

    private ErasureOperations EraseOver(ISessionStore sessions, IMemoryStore memories, IGraphStore graph, IErasureStore store) => new(
        sessions, memories, graph, store, Store.Audit, Store.Due, new DirectWriters(sessions, store, Tick),
        new RedactSources(new ConsolidationRules(), Wordless.Embedder), EraseTenantsOver(store, Store.Audit, Store.Due),
        new TickingClock(Tick), () =>
        $"erasure-{++erasures}", static (_, _) => Task.CompletedTask);

    private async Task TryEraseAsync(ErasureOperations erase, string user)
    {
        try
        {
            await erase.EraseAsync(Tenant, new ErasureTarget(ErasureKind.User, user), null, "test", TimeSpan.MaxValue, default);
        }
        catch (StoreUnavailableException)
        {
            // What it recorded is ended by due work; what it did not is asked for again.
        }
    }

    private async Task EndDueAsync()
    {
        var handler = new ErasureHandler(Erase, new TickingClock(Tick), TimeSpan.MaxValue);
        foreach (var work in (await Store.Due.ListAsync(Tenant, null, DueKinds.Erasure, null, 50, default)).Value.Items)
            Assert.IsType<DueFinished>(Assert.Single(await handler.RunAsync([work], default)));
    }

    private async Task<IReadOnlyList<Erasure>> ListAsync() =>
        (await Store.Erasures.ListErasuresAsync(Tenant, null, 100, default)).Value.Items;

    private Task<Outcome<Erasure>> EraseAsync(ErasureKind kind, string id) =>
        Erase.EraseAsync(Tenant, new ErasureTarget(kind, id), ifMatchVersion: null, "test", TimeSpan.MaxValue, default);

    /// <summary>Words of one user in every field that may hold what was said; more sessions and memories than a page lists.</summary>
    private async Task<string[]> FillAsync(string user, int count = 120, bool cited = false)
    {
        string Word(string name) => $"CANARY-{user}-{name}-";
        for (var i = 0; i < count; i++)
        {
            var sample = new SampleTurns($"{user}-s{i}", Tenant, user);
            Assert.Equal(CommitStatus.Committed,
                await Sessions.CommitAsync(sample.Next(Word("first"), Word("second") + new string('.', i * 40), Word("third"))));
            var first = Some.New($"{user}-m{i}", Word("memory") + new string('.', i * 30), user,
                new SourceTurn(sample.Key.Id, "turn-1", 1)) with
            {
                Topics = [Word("topic")],
                Entities = [Word("entity")],
                Metadata = $$"""{"x":"{{Word("metadata")}}"}""",
                Claim = new FactClaim(Word("subject"), Word("attribute"), Word("value"), IsSingleValued: false),
            };
            await CommitAsync(Write(first, Word("key")));
            await CommitAsync(Write(Some.Next(first, Word("edited")), Word("key")));
        }

        if (cited)
            await ObserveAsync(user, Word("observed"));
        return [.. new[] { "first", "second", "third", "memory", "topic", "entity", "metadata", "subject", "attribute", "value", "edited",
            "observed" }.Select(Word).Take(cited ? 12 : 11)];
    }

    // Of nobody's entity, citing what the user said.
    private async Task ObserveAsync(string user, string content)
    {
        var entity = new Entity($"{user}-e", $"thing of {user}", "thing", GraphScope.Tenant, null, 1, Tick(), Tick());
        var observation = new Observation($"{user}-o", entity.Id, content, [new SourceTurn($"{user}-s0", "turn-1", 1)], null, Tick(), null,
            Tick());
        Assert.Equal(CommitStatus.Committed,
            await Store.Graph.CommitGraphAsync(new GraphCommit(Tenant, [new EntityWrite(0, entity), new ObservationAdded(observation)])));
    }

    private async Task<IEnumerable<string>> FindAsync(string[] words) =>
        (await Store.FindAnywhereAsync(words)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private async Task CompareAsync(FeedFollower follower, params Turn[] expected)
    {
        var fresh = new FeedFollower(Ada);
        await follower.CatchUpAsync(Feed);
        await fresh.CatchUpAsync(Feed);
        Assert.Equal(expected, follower.Turns.Values.OrderBy(turn => turn.SessionId == "other"));
        Assert.Equal(expected, fresh.Turns.Values.OrderBy(turn => turn.SessionId == "other"));
        var head = await Feed.HeadAsync(Ada, default);
        Assert.Equal((head, head), (follower.Watermark, fresh.Watermark));
    }

    private static Turn Emptied(Turn turn) => turn with { Name = null, Content = "", Metadata = null, Tokens = 0, IsErased = true };

    private async Task CommitAsync(params MemoryWrite[] writes) =>
        Assert.Equal(CommitStatus.Committed, await Store.Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, writes), default));

    private async Task<IEnumerable<string>> ListDueAsync() =>
        (await Store.Due.ListAsync(Tenant, null, null, null, 50, default)).Value.Items.Select(work => work.Subject);
}
