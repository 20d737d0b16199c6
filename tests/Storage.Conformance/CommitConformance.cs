using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

public abstract class CommitConformance : StoreConformance
{
    [Fact]
    public async Task A_commit_against_an_old_version_is_stale_and_changes_nothing()
    {
        var script = Script("s");
        await script.AppendAsync("one");
        var stale = script.PrepareAppend("lost") with { ExpectedVersion = 7, After = script.Session! with { Version = 8 } };

        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(stale));
        Assert.Equal(1, (await Sessions.FindSessionAsync(script.Key, default)).Session!.Version);
        Assert.Single(await ReadAllAsync(script));
    }

    [Fact]
    public async Task A_session_cannot_be_made_twice()
    {
        await Script("s").AppendAsync("one");

        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(Script("s").PrepareAppend("another")));
    }

    [Fact]
    public async Task A_change_to_a_session_that_does_not_exist_is_stale()
    {
        var script = Script("s");
        script.PrepareAppend("never sent");

        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(script.PrepareAppend("second")));
        Assert.Null((await Sessions.FindSessionAsync(script.Key, default)).Session);
    }

    [Fact]
    public async Task A_commit_that_would_leave_a_gap_in_seq_is_stale()
    {
        var script = Script("s");
        await script.AppendAsync("one");
        var gap = script.PrepareAppend("three");
        var later = gap.Turns[0] with { Seq = 3 };

        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(gap with { After = gap.After with { LastSeq = 3 }, Turns = [later] }));
        Assert.Single(await ReadAllAsync(script));
    }

    [Fact]
    public async Task A_turn_id_used_before_in_the_session_is_stale_and_leaves_no_trace()
    {
        var script = Script("s");
        await script.AppendAsync("one");
        var before = await Sessions.FindSessionAsync(script.Key, default);
        var commit = script.PrepareAppend("two", "three");
        Turn[] turns = [commit.Turns[0], commit.Turns[1] with { Id = script.Turns[0].Id }];

        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(commit with { Turns = turns }));
        Assert.Equal(before, await Sessions.FindSessionAsync(script.Key, default));
        Assert.Single(await ReadAllAsync(script));
    }

    [Fact]
    public async Task The_same_turn_id_may_stand_in_two_sessions()
    {
        var (first, second) = (Script("s1"), Script("s2"));
        await first.AppendAsync("one");
        var commit = second.PrepareAppend("two");
        Turn[] turns = [commit.Turns[0] with { Id = first.Turns[0].Id }];

        Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(commit with { Turns = turns }));
    }

    [Fact]
    public async Task A_stale_commit_among_many_under_way_fails_alone()
    {
        var scripts = Enumerable.Range(0, 30).Select(i => Script($"s{i}", "ada")).ToArray();
        foreach (var script in scripts)
            await script.AppendAsync("one");

        var commits = scripts.Select(script => script.PrepareAppend("two", "three")).ToArray();
        var sent = commits.Select((commit, i) => Sessions.CommitAsync(i % 5 == 2 ? AsStale(commit) : commit)).ToArray();
        var statuses = await Task.WhenAll(sent);

        for (var i = 0; i < scripts.Length; i++)
        {
            Assert.Equal(i % 5 == 2 ? CommitStatus.Stale : CommitStatus.Committed, statuses[i]);
            Assert.Equal(i % 5 == 2 ? 1 : 3, (await ReadAllAsync(scripts[i])).Count);
        }
    }

    [Fact]
    public async Task Commits_of_one_session_take_effect_in_the_order_they_were_sent()
    {
        var script = Script("s");
        var sent = Enumerable.Range(0, 200).Select(i => Sessions.CommitAsync(script.PrepareAppend($"turn {i}"))).ToArray();

        Assert.All(await Task.WhenAll(sent), status => Assert.Equal(CommitStatus.Committed, status));
        Assert.Equal(script.Turns, await ReadAllAsync(script));
    }

    [Fact]
    public async Task After_a_stale_commit_those_built_on_it_are_stale_as_well()
    {
        var script = Script("s");
        await script.AppendAsync("one");
        var lost = AsStale(script.PrepareAppend("two"));
        var sent = new[] { lost, script.PrepareAppend("three"), script.PrepareAppend("four") }.Select(Sessions.CommitAsync).ToArray();

        Assert.All(await Task.WhenAll(sent), status => Assert.Equal(CommitStatus.Stale, status));
        Assert.Single(await ReadAllAsync(script));
    }

    [Fact]
    public async Task Many_sessions_written_at_once_lose_nothing()
    {
        var scripts = Enumerable.Range(0, 16).Select(i => Script($"s{i}", $"user{i % 4}")).ToArray();
        await Task.WhenAll(scripts.Select(script => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await script.AppendAsync($"turn {i}");
        })));

        foreach (var script in scripts)
        {
            Assert.Equal(script.Turns, await ReadAllAsync(script));
            Assert.Equal(script.Session, (await Sessions.FindSessionAsync(script.Key, default)).Session);
        }
    }

    [Fact]
    public async Task Of_twins_racing_to_make_a_session_one_wins()
    {
        var sent = Enumerable.Range(0, 8).Select(i => Sessions.CommitAsync(Script("s").PrepareAppend($"twin {i}"))).ToArray();
        var statuses = await Task.WhenAll(sent);

        Assert.Single(statuses, CommitStatus.Committed);
        Assert.Equal(7, statuses.Count(status => status == CommitStatus.Stale));
        Assert.Single(await Sessions.ReadTurnsAsync(new SessionKey(Tenant, "s"), 0, 10, default));
    }

    [Fact]
    public async Task A_commit_that_contradicts_itself_is_a_bug_and_throws()
    {
        var commit = Script("s").PrepareAppend("one");

        await Assert.ThrowsAsync<ArgumentException>(() => Sessions.CommitAsync(commit with { After = commit.After with { Id = "t" } }));
        await Assert.ThrowsAsync<ArgumentException>(() => Sessions.CommitAsync(commit with { After = commit.After with { LastSeq = 2 } }));
        await Assert.ThrowsAsync<ArgumentException>(() => Sessions.CommitAsync(commit with { After = commit.After with { Version = 0 } }));
        var record = SessionScript.RecordOf(commit, "scope", "key", Tick().AddHours(1));
        await Assert.ThrowsAsync<ArgumentException>(() => Sessions.CommitAsync(commit with { Idempotency = record with { Count = 2 } }));
    }

    [Fact]
    public async Task A_commit_that_would_move_a_session_to_another_user_throws_and_harms_no_other()
    {
        var (script, other) = (Script("s", "ada"), Script("other", "ada"));
        await script.AppendAsync("one");
        var moved = script.PrepareAppend("two");
        var failing = Sessions.CommitAsync(moved with { After = moved.After with { UserId = "eve" } });
        var fine = Sessions.CommitAsync(other.PrepareAppend("beside it"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal(CommitStatus.Committed, await fine);
        Assert.Single(await ReadAllAsync(script));
    }

    private static SessionCommit AsStale(SessionCommit commit) => commit with
    {
        ExpectedVersion = commit.ExpectedVersion + 5, After = commit.After with { Version = commit.After.Version + 5 },
    };
}
