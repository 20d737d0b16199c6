using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

public abstract class AppendConformance : StoreConformance
{
    [Fact]
    public async Task A_session_never_written_is_absent()
    {
        var lookup = await Sessions.FindSessionAsync(new SessionKey(Tenant, "nobody"), default);

        Assert.Equal(new SessionLookup(null, 0), lookup);
        Assert.Empty(await Sessions.ReadTurnsAsync(new SessionKey(Tenant, "nobody"), 0, 10, default));
        Assert.Empty(await Sessions.ReadTailAsync(new SessionKey(Tenant, "nobody"), 10, default));
    }

    [Fact]
    public async Task Turns_come_back_as_written()
    {
        var script = Script("s", "ada", "agent-7");
        await script.AppendAsync("first", "second", "third", "fourth");

        Assert.Equal(script.Turns, await ReadAllAsync(script));
        Assert.Equal(new SessionLookup(script.Session, 0), await Sessions.FindSessionAsync(script.Key, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n ")]
    [InlineData("naïve café 東京 한국어 🦊 العربية")]
    [InlineData("it's; -- \"quoted\" \\ % _ $1 ?1")]
    public async Task Any_text_comes_back_as_written(string content)
    {
        var script = Script("s");
        await script.AppendAsync(content);

        Assert.Equal(content, (await ReadAllAsync(script))[0].Content);
    }

    [Fact]
    public async Task A_very_long_turn_comes_back_whole()
    {
        var content = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"word{i} "));
        var script = Script("s");
        await script.AppendAsync(content);

        Assert.Equal(content, (await ReadAllAsync(script))[0].Content);
    }

    [Fact]
    public async Task Times_before_1970_and_in_other_zones_keep_their_instant_and_their_offset()
    {
        var script = Script("s");
        var commit = script.PrepareAppend("old", "far");
        var old = new DateTimeOffset(1815, 12, 10, 6, 7, 8, TimeSpan.Zero).AddMicroseconds(9);
        var far = new DateTimeOffset(2026, 7, 1, 1, 2, 3, TimeSpan.FromHours(9));
        Turn[] turns = [commit.Turns[0] with { OccurredAt = old }, commit.Turns[1] with { OccurredAt = far }];
        Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(commit with { Turns = turns }));

        Assert.Equal([old, far], (await ReadAllAsync(script)).Select(turn => turn.OccurredAt));
        Assert.Equal([TimeSpan.Zero, far.Offset], (await ReadAllAsync(script)).Select(turn => turn.OccurredAt.Offset));
        Assert.Equal([far.Offset],
            (await Sessions.ReadTurnsAsync(Tenant, [new TurnAddress("s", 2)], default)).Select(turn => turn.OccurredAt.Offset));
        var fed = (await ReadFeedAsync(new PartitionKey(Tenant, null))).OfType<TurnCommitted>();
        Assert.Equal([TimeSpan.Zero, far.Offset], fed.Select(change => change.Turn.OccurredAt.Offset));
    }

    [Fact]
    public async Task A_time_zone_stays_with_its_session_and_is_the_users_until_a_newer_session_has_another()
    {
        var (first, second, third) = (Script("s1", "ada"), Script("s2", "ada"), Script("s3", "ada"));
        Assert.Null(await Sessions.FindTimeZoneAsync(Tenant, "ada", default));
        foreach (var (script, zone) in new[] { (first, "Europe/Berlin"), (second, "Asia/Tokyo"), (third, null) })
        {
            var commit = script.PrepareAppend("bread");
            Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(commit with { After = commit.After with { TimeZone = zone } }));
            Assert.Equal(zone, (await Sessions.FindSessionAsync(script.Key, default)).Session!.TimeZone);
        }

        Assert.Equal("Asia/Tokyo", await Sessions.FindTimeZoneAsync(Tenant, "ada", default));
        Assert.Null(await Sessions.FindTimeZoneAsync(Tenant, "bob", default));
        Assert.Null(await Sessions.FindTimeZoneAsync(Tenant + "2", "ada", default));

        var moved = first.PrepareAppend("moved");
        Assert.Equal(CommitStatus.Committed,
            await Sessions.CommitAsync(moved with { After = moved.After with { TimeZone = "America/Lima" } }));
        Assert.Equal("America/Lima",
            (await Sessions.ListSessionsAsync(Tenant, new SessionFilter("ada"), null, 10, default)).Value.Items[^1].TimeZone);
        await second.DeleteAsync();
        Assert.Equal("America/Lima", await Sessions.FindTimeZoneAsync(Tenant, "ada", default));
    }

    [Fact]
    public async Task Seq_has_no_gaps_over_many_appends_and_a_reopening()
    {
        var script = Script("s");
        for (var i = 0; i < 20; i++)
            await script.AppendAsync([.. Enumerable.Range(0, 1 + (i % 3)).Select(n => $"{i}.{n}")]);
        await Store.ReopenAsync();
        await script.AppendAsync("after reopening");

        var turns = await ReadAllAsync(script);
        Assert.Equal(script.Turns, turns);
        Assert.Equal(Enumerable.Range(1, turns.Count).Select(seq => (long)seq), turns.Select(turn => turn.Seq));
    }

    [Fact]
    public async Task Turns_are_read_in_pages_from_any_seq()
    {
        var script = Script("s");
        await script.AppendAsync([.. Enumerable.Range(1, 10).Select(n => $"turn {n}")]);

        Assert.Equal([4, 5, 6], (await Sessions.ReadTurnsAsync(script.Key, 3, 3, default)).Select(turn => turn.Seq));
        Assert.Equal([9, 10], (await Sessions.ReadTurnsAsync(script.Key, 8, 50, default)).Select(turn => turn.Seq));
        Assert.Empty(await Sessions.ReadTurnsAsync(script.Key, 10, 50, default));
    }

    [Fact]
    public async Task The_tail_is_the_newest_turns_in_order()
    {
        var script = Script("s");
        await script.AppendAsync([.. Enumerable.Range(1, 10).Select(n => $"turn {n}")]);

        Assert.Equal([8, 9, 10], (await Sessions.ReadTailAsync(script.Key, 3, default)).Select(turn => turn.Seq));
        Assert.Equal(script.Turns, await Sessions.ReadTailAsync(script.Key, 50, default));
    }

    [Fact]
    public async Task Turns_are_found_by_their_ids_within_the_session_only()
    {
        var (script, other) = (Script("s"), Script("other"));
        await script.AppendAsync("one", "two", "three");
        await other.AppendAsync("elsewhere");

        string[] wanted = [script.Turns[2].Id, script.Turns[0].Id, "unknown", other.Turns[0].Id];
        var found = await Sessions.FindTurnsAsync(script.Key, wanted, default);

        Assert.Equal([script.Turns[0], script.Turns[2]], found.OrderBy(turn => turn.Seq));
        Assert.Empty(await Sessions.FindTurnsAsync(script.Key, [], default));
    }

    [Fact]
    public async Task Turns_are_read_by_address_and_absent_ones_left_out()
    {
        var (first, second) = (Script("s1"), Script("s2"));
        await first.AppendAsync("one", "two", "three");
        await second.AppendAsync("four", "five");

        TurnAddress[] wanted = [new("s2", 2), new("s1", 3), new("s1", 4), new("s1", 0), new("nobody", 1), new("s1", 1)];
        var found = await Sessions.ReadTurnsAsync(Tenant, wanted, default);

        Assert.Equal(
            [first.Turns[0], first.Turns[2], second.Turns[1]],
            found.OrderBy(turn => turn.SessionId, StringComparer.Ordinal).ThenBy(turn => turn.Seq));
        Assert.Empty(await Sessions.ReadTurnsAsync(Tenant, [], default));
    }

    [Fact]
    public async Task Closing_changes_the_row_and_no_turn()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one");
        await script.CloseAsync();

        var lookup = await Sessions.FindSessionAsync(script.Key, default);
        Assert.Equal(script.Session, lookup.Session);
        Assert.Equal(SessionStatus.Closed, lookup.Session!.Status);
        await script.AppendAsync("two");
        Assert.Equal(script.Turns, await ReadAllAsync(script));
    }

    [Fact]
    public async Task A_cancelled_read_ends_as_cancelled()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Sessions.FindSessionAsync(new SessionKey(Tenant, "s"), source.Token));
    }
}
