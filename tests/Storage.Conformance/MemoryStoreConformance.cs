using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using static MemoryOrleans.Storage.Conformance.SampleMemories;

namespace MemoryOrleans.Storage.Conformance;

public abstract class MemoryStoreConformance : StoreConformance
{
    private IMemoryStore Memories => Store.Memories;

    private SampleMemories Some => new(Tick);

    [Fact]
    public async Task A_memory_comes_back_as_it_was_written()
    {
        var (full, plain) = (Some.New("m1", "Ada lives in \"Berlin\" \u0001", "ada", new SourceTurn("s", "t-1", 1), new("s2", "t-9", 9)),
            Some.Plain("m2", "plain", userId: null));
        await CommitAsync(full, plain);
        await Store.ReopenAsync();

        AssertSame([full], [await Memories.FindMemoryAsync(Tenant, "m1", default)]);
        AssertSame([plain], [await Memories.FindMemoryAsync(Tenant, "m2", default)]);
        Assert.Null(await Memories.FindMemoryAsync(Tenant, "m3", default));
        var both = await Memories.FindMemoriesAsync(Tenant, ["m1", "nobody", "m2", "m1"], default);
        AssertSame([full, plain], both.OrderBy(memory => memory.Id, StringComparer.Ordinal));
        Assert.Empty(await Memories.FindMemoriesAsync(Tenant, [], default));
    }

    [Fact]
    public async Task A_change_closes_the_version_before_and_keeps_it()
    {
        var first = Some.New("m", "one");
        var second = Some.Next(first, "two") with { Kind = "preference", Tier = MemoryTier.Episodic, Topics = [], Claim = null };
        var third = Some.Next(second, "three", MemoryStatus.Superseded);
        await CommitAsync(first);
        await CommitAsync(second);
        await CommitAsync(third);

        AssertSame(
            [first with { SupersededAt = second.RecordedAt }, second with { SupersededAt = third.RecordedAt }, third],
            await Memories.ReadHistoryAsync(Tenant, "m", default));
        AssertSame([third], [await Memories.FindMemoryAsync(Tenant, "m", default)]);
        Assert.Empty(await Memories.ReadHistoryAsync(Tenant, "nobody", default));
    }

    [Fact]
    public async Task A_commit_with_one_unexpected_version_changes_nothing()
    {
        var (known, other) = (Some.New("known", "one"), Some.New("other", "two"));
        await CommitAsync(known);
        MemoryWrite[][] stale =
        [
            [Write(other), Write(known)],
            [Write(Some.Next(known)), Write(Some.Next(other))],
            [Write(Some.Next(known)), Write(Some.Next(Some.Next(other)))],
            [Write(other), Write(Some.Next(Some.Next(known)))],
        ];
        foreach (var writes in stale)
            Assert.Equal(CommitStatus.Stale, await Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, writes), default));

        AssertSame([known], await Memories.ReadHistoryAsync(Tenant, "known", default));
        Assert.Null(await Memories.FindMemoryAsync(Tenant, "other", default));
        Assert.Equal(CommitStatus.Committed,
            await Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [Write(Some.Next(known)), Write(other)]), default));
    }

    [Fact]
    public async Task Of_writers_at_once_with_one_expected_version_one_wins()
    {
        var first = Some.New("m", "one");
        await CommitAsync(first);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [Write(Some.Next(first, $"by {i}"))]), default))));

        Assert.Single(statuses, CommitStatus.Committed);
        Assert.Equal(7, statuses.Count(status => status == CommitStatus.Stale));
        Assert.Equal(2, (await Memories.ReadHistoryAsync(Tenant, "m", default)).Count);
    }

    [Fact]
    public async Task A_commit_that_contradicts_itself_or_moves_a_memory_to_another_user_is_a_bug()
    {
        var first = Some.New("m", "one");
        await CommitAsync(first);
        foreach (var wrong in new[] { Some.Next(first) with { Version = 3 }, Some.Next(first) with { SupersededAt = Tick() } })
            await Assert.ThrowsAsync<ArgumentException>(() =>
                Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [new MemoryWrite(1, wrong)]), default));
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(Some.Next(first), Some.Next(first)));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [Write(Some.Next(first), new string('k', 65))]), default));

        await Assert.ThrowsAsync<InvalidOperationException>(() => CommitAsync(Some.Next(first) with { Owner = new MemoryOwner("bob") }));
        Assert.Single(await Memories.ReadHistoryAsync(Tenant, "m", default));
    }

    [Fact]
    public async Task Versions_are_found_by_the_operation_that_made_them()
    {
        var (one, two) = (Some.New("m1", "one") with { Operation = "together" }, Some.New("m2", "two") with { Operation = "together" });
        await CommitAsync(one, two);
        var later = Some.Next(one);
        await CommitAsync(later);

        var found = await Memories.ReadOperationAsync(Tenant, "together", default);
        AssertSame([one with { SupersededAt = later.RecordedAt }, two], found.OrderBy(memory => memory.Id, StringComparer.Ordinal));
        AssertSame([later], await Memories.ReadOperationAsync(Tenant, later.Operation, default));
        Assert.Empty(await Memories.ReadOperationAsync(Tenant, "never", default));
    }

    [Fact]
    public async Task Keys_find_current_versions_of_the_user_alone()
    {
        var (ada, bob, nobody) =
            (Some.New("a", "ada's") with { Status = MemoryStatus.Candidate }, Some.New("b", "bob's", "bob"),
            Some.New("n", "nobody's", userId: null));
        await CommitAsync(Write(ada, "k1", "k2", "k1"), Write(bob, "k1"), Write(nobody, "k1"));

        AssertSame([ada], await Memories.FindByKeysAsync(Tenant, "ada", ["k2", "k1"], default));
        AssertSame([nobody], await Memories.FindByKeysAsync(Tenant, null, ["k1"], default));
        Assert.Empty(await Memories.FindByKeysAsync(Tenant, "ada", ["k3"], default));
        Assert.Empty(await Memories.FindByKeysAsync(Tenant, "stranger", ["k1"], default));
        Assert.Empty(await Memories.FindByKeysAsync(Tenant, "ada", [], default));

        var next = Some.Next(ada);
        await CommitAsync(Write(next, "k3"));
        Assert.Empty(await Memories.FindByKeysAsync(Tenant, "ada", ["k1", "k2"], default));
        AssertSame([next], await Memories.FindByKeysAsync(Tenant, "ada", ["k3"], default));
    }

    [Fact]
    public async Task Turns_and_keys_read_at_once_are_what_each_read_alone_gives()
    {
        await Script("s", "ada").AppendAsync("one", "two");
        var memory = Some.New("a", "ada's");
        await CommitAsync(Write(memory, "k1"), Write(Some.New("b", "bob's", "bob"), "k1"));

        var (turns, memories) = await Memories.ReadTurnsAndKeysAsync(
            Tenant, [new("s", 2), new("s", 9), new("other", 1)], "ada", ["k1", "k2"], default);
        Assert.Equal("two", Assert.Single(turns).Content);
        AssertSame([memory], memories);
        (turns, memories) = await Memories.ReadTurnsAndKeysAsync(Tenant, [], "ada", [], default);
        Assert.Empty(turns);
        Assert.Empty(memories);
        (turns, memories) = await Memories.ReadTurnsAndKeysAsync(NewTenant(), [new("s", 2)], "ada", ["k1"], default);
        Assert.Empty(turns);
        Assert.Empty(memories);
    }

    [Fact]
    public async Task Memories_are_found_by_the_sessions_they_cite_a_page_at_a_time()
    {
        var cited = Enumerable.Range(0, 5)
            .Select(i => Some.New($"m{i}", "cites", "ada", new SourceTurn("s", $"t{i}", i), new("s", "t9", 9), new("other", "t", 1)))
            .ToArray();
        await CommitAsync(cited);
        await CommitAsync(Some.New("apart", "cites not"));

        var first = await Memories.FindCitingAsync(Tenant, "s", null, 2, default);
        AssertSame(cited[..2], first);
        AssertSame(cited[2..], await Memories.FindCitingAsync(Tenant, "s", first[^1].Id, 10, default));
        Assert.Empty(await Memories.FindCitingAsync(Tenant, "nobody", null, 10, default));

        await CommitAsync(Some.Next(cited[0]) with { Sources = [new SourceTurn("other", "t", 1)] });
        Assert.Equal(["m0", "m1", "m2", "m3", "m4"],
            (await Memories.FindCitingAsync(Tenant, "s", null, 10, default)).Select(memory => memory.Id));
        Assert.Equal(5, (await Memories.FindCitingAsync(Tenant, "other", null, 10, default)).Count);
    }

    [Fact]
    public async Task A_listing_goes_from_the_newest_memory_to_the_oldest_by_pages()
    {
        var made = Enumerable.Range(0, 7).Select(i => Some.New($"m{i}", $"content {i}")).ToArray();
        foreach (var memory in made)
            await CommitAsync(memory);
        made[3] = Some.Next(made[3], "changed");
        await CommitAsync(made[3]);

        var listed = new List<MemoryRecord>();
        string? cursor = null;
        do
        {
            var page = (await Memories.ListMemoriesAsync(Tenant, new MemoryFilter(), cursor, 3, default)).Value;
            Assert.True(page.Items.Count is > 0 and <= 3);
            listed.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        AssertSame(made.Reverse(), listed);
        Assert.Equal("cursor", (await Memories.ListMemoriesAsync(Tenant, new MemoryFilter(), "nonsense", 3, default)).Error!.Field);
    }

    [Fact]
    public async Task Each_filter_of_a_listing_restricts_it_alone_and_with_others()
    {
        var all = new List<MemoryRecord>();
        for (var bits = 0; bits < 64; bits++)
        {
            all.Add(Some.New($"m{bits:D2}", "content", (bits & 1) == 0 ? "ada" : "bob") with
            {
                Owner = new MemoryOwner((bits & 1) == 0 ? "ada" : "bob", (bits & 2) == 0 ? null : "agent", null,
                    (bits & 4) == 0 ? null : "s"),
                Kind = (bits & 8) == 0 ? "fact" : "episode",
                Tier = (bits & 16) == 0 ? MemoryTier.Semantic : MemoryTier.Episodic,
                Status = (bits & 32) == 0 ? MemoryStatus.Active : MemoryStatus.Candidate,
            });
        }

        await CommitAsync([.. all]);
        for (var bits = 0; bits < 64; bits++)
        {
            var filter = new MemoryFilter(
                (bits & 8) == 0 ? null : "episode", (bits & 16) == 0 ? null : MemoryTier.Episodic, (bits & 32) == 0
                ? null : MemoryStatus.Candidate,
                (bits & 1) == 0 ? null : "bob", (bits & 2) == 0 ? null : "agent", (bits & 4) == 0 ? null : "s");
            var expected = all.Where((_, i) => (i & bits) == bits).Select(memory => memory.Id);
            var page = (await Memories.ListMemoriesAsync(Tenant, filter, null, 100, default)).Value;
            Assert.Equal(expected, page.Items.Select(memory => memory.Id).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Turns_are_distilled_once_and_in_order()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two", "three", "four");
        Assert.Equal(0, await Memories.FindDistilledAsync(script.Key, default));

        Assert.Equal(CommitStatus.Stale, await DistilAsync("m1", 2, 3));
        Assert.Equal(CommitStatus.Stale, await DistilAsync("m1", 1, 5));
        Assert.Equal(CommitStatus.Committed, await DistilAsync("m1", 1, 2));
        Assert.Equal(2, await Memories.FindDistilledAsync(script.Key, default));
        Assert.Equal(CommitStatus.Stale, await DistilAsync("m2", 1, 2));
        Assert.Equal(CommitStatus.Stale, await DistilAsync("m2", 4, 4));
        Assert.Equal(CommitStatus.Committed, await DistilAsync("m2", 3, 4));
        await Store.ReopenAsync();

        Assert.Equal(4, await Memories.FindDistilledAsync(script.Key, default));
        Assert.Equal(["m2", "m1"],
            (await Memories.ListMemoriesAsync(Tenant, new MemoryFilter(), null, 10, default)).Value.Items.Select(memory => memory.Id));
    }

    [Fact]
    public async Task A_session_made_anew_has_nothing_distilled_and_none_can_be_of_one_that_is_gone()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        Assert.Equal(CommitStatus.Committed, await DistilAsync("m1", 1, 2));
        await script.DeleteAsync();

        Assert.Equal(0, await Memories.FindDistilledAsync(script.Key, default));
        Assert.Equal(CommitStatus.Stale, await DistilAsync("m2", 1, 2));
        await script.AppendAsync("anew");
        Assert.Equal(0, await Memories.FindDistilledAsync(script.Key, default));
        Assert.Equal(CommitStatus.Committed, await DistilAsync("m2", 1, 1));
        Assert.NotNull(await Memories.FindMemoryAsync(Tenant, "m1", default));
    }

    [Fact]
    public async Task What_was_read_before_an_erasure_cannot_be_written_after_it_and_appends_do_no_harm()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        var before = await ReadAsync();
        await script.AppendAsync("three");
        Assert.Equal(CommitStatus.Committed, await DistilAsync("m1", 1, 1, before));
        await Store.Erasures.EraseTurnsAsync(script.Key, [2], Tick(), default);
        var between = await ReadAsync();

        Assert.Equal(CommitStatus.Stale, await DistilAsync("m2", 2, 3, before));
        Assert.Null(await Memories.FindMemoryAsync(Tenant, "m2", default));
        Assert.Equal(CommitStatus.Committed, await DistilAsync("m2", 2, 2, between));
    }

    [Fact]
    public async Task What_was_read_of_a_deleted_session_cannot_be_written_of_one_made_anew()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        var before = await ReadAsync();
        await script.DeleteAsync();
        await script.AppendAsync("anew", "again");

        Assert.Equal(CommitStatus.Stale, await DistilAsync("m", 1, 1, before));
        Assert.Equal(CommitStatus.Committed, await DistilAsync("m", 1, 1));
    }

    [Fact]
    public async Task A_commit_made_up_before_others_wrote_memories_of_its_owner_is_stale()
    {
        var nobody = await Memories.FindOwnerVersionAsync(Tenant, "ada", default);
        var without = await Memories.FindOwnerVersionAsync(Tenant, null, default);
        MemoryCommit Guarded(string id, OwnerVersion owner) => new(Tenant, [Write(Some.New(id, "one", owner.UserId))]) { Owner = owner };

        Assert.Equal(CommitStatus.Committed, await Memories.CommitMemoriesAsync(Guarded("m1", nobody), default));
        Assert.Equal(CommitStatus.Stale, await Memories.CommitMemoriesAsync(Guarded("m2", nobody), default));
        Assert.Null(await Memories.FindMemoryAsync(Tenant, "m2", default));
        Assert.Equal(CommitStatus.Committed, await Memories.CommitMemoriesAsync(Guarded("m3", without), default));
        var once = await Memories.FindOwnerVersionAsync(Tenant, "ada", default);
        await Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [Write(Some.New("other", "of another", "bob"))]), default);
        Assert.Equal(once, await Memories.FindOwnerVersionAsync(Tenant, "ada", default));
        Assert.Equal(new OwnerVersion("ada", 0), await Memories.FindOwnerVersionAsync(NewTenant(), "ada", default));
        Assert.Equal(CommitStatus.Committed, await Memories.CommitMemoriesAsync(Guarded("m2", once), default));
        Assert.Equal(CommitStatus.Stale, await Memories.CommitMemoriesAsync(Guarded("m4", once), default));
    }

    [Fact]
    public async Task A_commit_wakes_the_work_it_asks_for_and_a_stale_one_does_not()
    {
        var due = Tick();
        MemoryCommit Waking(long version, string subject) =>
            new(Tenant, [new MemoryWrite(version, Some.New("m", "one") with { Version = version + 1 })]) { Wakes =
            [($"test:{Tenant}", subject, due)] };

        Assert.Equal(CommitStatus.Committed, await Memories.CommitMemoriesAsync(Waking(0, "m"), default));
        Assert.Equal(CommitStatus.Stale, await Memories.CommitMemoriesAsync(Waking(0, "not"), default));

        var work = Assert.Single((await Store.Due.ListAsync(Tenant, null, null, null, 10, default)).Value.Items);
        Assert.Equal(($"test:{Tenant}", "m", due), (work.Kind, work.Subject, work.DueAt));
    }

    [Fact]
    public async Task The_newer_salience_wins_without_a_version_or_a_change_of_the_feed()
    {
        var memory = Some.New("m", "one");
        await CommitAsync(memory);
        var head = await Memories.MemoryFeed.HeadAsync(new(Tenant, "ada"), default);
        var (older, newer) = (new Salience(0.9, memory.Salience.At.AddSeconds(-1)), new Salience(0.7, memory.Salience.At.AddSeconds(1)));
        await Memories.SaveSalienceAsync(Tenant, [new("m", older), new("nobody", newer)], default);
        AssertSame([memory], await Memories.ReadHistoryAsync(Tenant, "m", default));

        await Memories.SaveSalienceAsync(Tenant, [new("m", newer)], default);
        await Memories.SaveSalienceAsync(Tenant, [new("m", newer with { Value = 0.1 }), new("m", older)], default);
        await Memories.SaveSalienceAsync(Tenant, [], default);

        AssertSame([memory with { Salience = newer }], await Memories.ReadHistoryAsync(Tenant, "m", default));
        Assert.Equal(head, await Memories.MemoryFeed.HeadAsync(new(Tenant, "ada"), default));
    }

    [Fact]
    public async Task A_stranger_sees_no_memory_and_changes_none()
    {
        var stranger = NewTenant();
        var memory = Some.New("m", "mine", "ada", new SourceTurn("s", "t", 1));
        await CommitAsync(Write(memory, "k"));
        await Store.Memories.CommitMemoriesAsync(new MemoryCommit(stranger, [Write(Some.Plain("theirs", "x"))]), default);

        Assert.Null(await Memories.FindMemoryAsync(stranger, "m", default));
        Assert.Empty(await Memories.FindMemoriesAsync(stranger, ["m"], default));
        Assert.Empty(await Memories.ReadHistoryAsync(stranger, "m", default));
        Assert.Empty(await Memories.ReadOperationAsync(stranger, memory.Operation, default));
        Assert.Empty(await Memories.FindByKeysAsync(stranger, "ada", ["k"], default));
        Assert.Empty(await Memories.FindCitingAsync(stranger, "s", null, 10, default));
        Assert.Equal("theirs", Assert.Single((await Memories.ListMemoriesAsync(stranger, new MemoryFilter(), null, 10, default))
            .Value.Items).Id);
        Assert.Equal(CommitStatus.Stale,
            await Memories.CommitMemoriesAsync(new MemoryCommit(stranger, [Write(Some.Next(memory))]), default));
        await Memories.SaveSalienceAsync(stranger, [new("m", new Salience(1, Tick()))], default);
        AssertSame([memory], await Memories.ReadHistoryAsync(Tenant, "m", default));
    }

    private Task CommitAsync(params MemoryRecord[] memories) => CommitAsync([.. memories.Select(memory => Write(memory))]);

    private async Task CommitAsync(params MemoryWrite[] writes) =>
        Assert.Equal(CommitStatus.Committed, await Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, writes), default));

    private async Task<CommitStatus> DistilAsync(string id, long fromSeq, long toSeq) =>
        await DistilAsync(id, fromSeq, toSeq, await ReadAsync());

    private Task<CommitStatus> DistilAsync(string id, long fromSeq, long toSeq, Session read) => Memories.CommitMemoriesAsync(
        new MemoryCommit(Tenant, [Write(Some.New(id, $"{fromSeq} to {toSeq}"))]) { Distilled = new DistilledRange(read, fromSeq, toSeq) },
        default);

    private async Task<Session> ReadAsync() => (await Sessions.FindSessionAsync(new SessionKey(Tenant, "s"), default)).Session
        ?? new Session("s", "ada", null, SessionStatus.Open, 2, 1, Tick(), Tick());
}
