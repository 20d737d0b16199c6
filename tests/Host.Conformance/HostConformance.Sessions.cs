using MemoryOrleans.Sessions;

namespace MemoryOrleans.Host.Conformance;

public abstract partial class HostConformance
{
    [Fact]
    public async Task Turns_are_numbered_from_one_without_gaps_whatever_the_concurrency()
    {
        var appended = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => AppendAsync("s", Say($"turn {i}"))));

        Assert.All(appended, static outcome => Assert.True(outcome.IsSuccess));
        var log = await LogAsync("s");
        Assert.Equal(Enumerable.Range(1, 200).Select(static seq => (long)seq), log.Select(static turn => turn.Seq));
        Assert.Equal(200, log.Select(static turn => turn.Content).Distinct().Count());
        Assert.Equal(200, log.Select(static turn => turn.Id).Distinct().Count());
        Assert.All(appended, outcome => Assert.Equal(log[(int)outcome.Value.Turns[0].Seq - 1], outcome.Value.Turns[0]));
    }

    [Fact]
    public async Task A_retried_request_takes_effect_once_and_answers_the_same()
    {
        var first = await AppendAsync("s", Say("once only"), once: Once("k1", "body"));
        var second = await AppendAsync("s", Say("once only"), once: Once("k1", "body"));

        Assert.False(first.Value.Replayed);
        Assert.True(second.Value.Replayed);
        Assert.Equal(first.Value.Turns, second.Value.Turns);
        Assert.Equal(first.Value.Version, second.Value.Version);
        Assert.Single(await LogAsync("s"));
    }

    [Fact]
    public async Task Concurrent_twins_take_effect_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => AppendPersistentlyAsync(i / 3)));

        Assert.All(outcomes, static outcome => Assert.Null(outcome.Error));
        Assert.Equal(100, (await LogAsync("s")).Count);
        foreach (var twins in outcomes.Chunk(3))
            Assert.Single(twins.Select(static twin => twin.Value.Turns[0].Id).Distinct());
    }

    // As clients do: told "not now", as a slow machine may say to so many at once, it asks again under the same key.
    private async Task<Outcome<AppendResult>> AppendPersistentlyAsync(int key)
    {
        for (var left = 20; ; left--)
        {
            var outcome = await AppendAsync("s", Say($"turn {key}"), once: Once($"k{key}", $"{key}"));
            if (left == 0 || outcome.Error?.Code is not (ErrorCode.Overloaded or ErrorCode.StoreUnavailable))
                return outcome;
        }
    }

    [Fact]
    public async Task A_key_with_another_body_is_refused()
    {
        await AppendAsync("s", Say("one"), once: Once("k", "one"));
        var other = await AppendAsync("s", Say("two"), once: Once("k", "two"));

        Assert.Equal(ErrorCode.IdempotencyKeyReused, other.Error?.Code);
        Assert.Single(await LogAsync("s"));
    }

    [Fact]
    public async Task A_key_answers_again_after_a_restart()
    {
        var first = await AppendAsync("s", Say("one"), once: Once("k", "one"));
        await AppendAsync("s", Say("two"));
        await RestartAsync();
        var again = await AppendAsync("s", Say("one"), once: Once("k", "one"));

        Assert.True(again.Value.Replayed);
        Assert.Equal(first.Value.Turns, again.Value.Turns);
        Assert.Equal(2, (await LogAsync("s")).Count);
    }

    [Fact]
    public async Task The_same_turn_id_is_a_replay_and_with_other_content_a_conflict()
    {
        var first = await AppendAsync("s", Say("hello", id: "t1"));
        var again = await AppendAsync("s", Say("hello", id: "t1"));
        var other = await AppendAsync("s", Say("goodbye", id: "t1"));

        Assert.True(again.Value.Replayed);
        Assert.Equal(first.Value.Turns, again.Value.Turns);
        Assert.Equal(ErrorCode.TurnIdConflict, other.Error?.Code);
        Assert.Single(await LogAsync("s"));
    }

    [Fact]
    public async Task Concurrent_twins_by_turn_id_take_effect_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => AppendAsync("s", Say("hello", id: $"t{i / 4}"))));

        Assert.All(outcomes, static outcome => Assert.True(outcome.IsSuccess));
        Assert.Equal(25, (await LogAsync("s")).Count);
    }

    [Fact]
    public async Task A_batch_repeats_what_is_there_and_adds_the_rest()
    {
        await AppendAsync("s", Say("a", id: "a"));
        TurnDraft[] drafts = [Say("a", id: "a"), Say("b", id: "b"), Say("c")];
        var command = new AppendCommand(Key("s"), null, null, drafts, Once("batch", "abc"));
        var first = await Host.Sessions.AppendAsync(command, CancellationToken.None);
        var again = await Host.Sessions.AppendAsync(command, CancellationToken.None);

        Assert.Equal(["a", "b", "c"], first.Value.Turns.Select(static turn => turn.Content));
        Assert.Equal(first.Value.Turns, again.Value.Turns);
        Assert.Equal([1L, 2L, 3L], (await LogAsync("s")).Select(static turn => turn.Seq));
    }

    [Fact]
    public async Task A_batch_with_a_conflict_stores_nothing()
    {
        await AppendAsync("s", Say("a", id: "a"));
        var outcome = await Host.Sessions.AppendAsync(
            new AppendCommand(Key("s"), null, null, [Say("new"), Say("not a", id: "a")]), CancellationToken.None);

        Assert.Equal(ErrorCode.TurnIdConflict, outcome.Error?.Code);
        Assert.Single(await LogAsync("s"));
    }

    [Fact]
    public async Task A_version_that_moved_on_is_refused()
    {
        var first = await AppendAsync("s", Say("one"), ifMatch: 0);
        var second = await AppendAsync("s", Say("two"), ifMatch: first.Value.Version);
        var late = await AppendAsync("s", Say("late"), ifMatch: first.Value.Version);

        Assert.True(second.IsSuccess);
        Assert.Equal(ErrorCode.PreconditionFailed, late.Error?.Code);
        Assert.Equal(2, (await LogAsync("s")).Count);
    }

    [Fact]
    public async Task A_session_keeps_its_owner()
    {
        await AppendAsync("s", Say("mine"), user: "ann", agent: "helper");
        var silent = await AppendAsync("s", Say("still mine"));
        var changedUser = await AppendAsync("s", Say("yours?"), user: "bob");
        var changedAgent = await AppendAsync("s", Say("yours?"), agent: "other");

        Assert.True(silent.IsSuccess);
        Assert.Equal((ErrorCode.OwnerConflict, "user_id"), (changedUser.Error!.Code, changedUser.Error.Field));
        Assert.Equal((ErrorCode.OwnerConflict, "agent_id"), (changedAgent.Error!.Code, changedAgent.Error.Field));
        var session = (await Host.Sessions.GetAsync(Key("s"), CancellationToken.None)).Value;
        Assert.Equal(("ann", "helper", 2L), (session.UserId, session.AgentId, session.LastSeq));
    }

    [Fact]
    public async Task Closing_and_appending_reopens()
    {
        await AppendAsync("s", Say("one"));
        var closed = await Host.Sessions.CloseAsync(Key("s"), null, CancellationToken.None);
        var twice = await Host.Sessions.CloseAsync(Key("s"), null, CancellationToken.None);
        await AppendAsync("s", Say("two"));
        var open = await Host.Sessions.GetAsync(Key("s"), CancellationToken.None);

        Assert.Equal(SessionStatus.Closed, closed.Value.Status);
        Assert.Equal(closed.Value.Version, twice.Value.Version);
        Assert.Equal((SessionStatus.Open, 2L), (open.Value.Status, open.Value.LastSeq));
    }

    [Fact]
    public async Task A_deleted_session_is_gone_and_appending_starts_a_new_one()
    {
        var before = await AppendAsync("s", Say("old words"), user: "ann", once: Once("k", "old"));
        var deleted = await EraseAsync(Key("s"));

        Assert.True(deleted.IsSuccess, deleted.Error?.ToString());
        Assert.Equal(ErrorCode.NotFound, (await Host.Sessions.GetAsync(Key("s"), CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCode.NotFound, (await EraseAsync(Key("s"))).Error?.Code);
        var anew = await AppendAsync("s", Say("old words"), user: "bob", once: Once("k", "old"));
        Assert.False(anew.Value.Replayed);
        Assert.Equal(1, anew.Value.Turns[0].Seq);
        Assert.True(anew.Value.Version > before.Value.Version);
        await RestartAsync();
        Assert.Single(await LogAsync("s"));
    }

    [Fact]
    public async Task Working_memory_is_the_newest_turns_within_both_bounds()
    {
        for (var i = 1; i <= 30; i++)
            await AppendAsync("s", Say($"turn {i}"));
        var view = (await Host.Sessions.GetWorkingMemoryAsync(Key("s"), CancellationToken.None)).Value;

        Assert.Equal(20, view.Turns.Count);
        Assert.Equal(30, view.Turns[^1].Seq);
        Assert.Equal(10, view.TurnsBefore);
        Assert.Equal(view.Turns.Sum(static turn => turn.Tokens), view.Tokens);
    }

    [Fact]
    public async Task Tenants_do_not_see_each_others_sessions()
    {
        await AppendAsync("s", Say("of acme"), tenant: "acme");
        await AppendAsync("s", Say("of umbrella"), tenant: "umbrella");
        await AppendAsync("only-acme", Say("of acme"), tenant: "acme");

        Assert.Equal("of umbrella", Assert.Single(await LogAsync("s", "umbrella")).Content);
        Assert.Equal(ErrorCode.NotFound, (await Host.Sessions.GetAsync(Key("only-acme", "umbrella"), CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCode.NotFound, (await EraseAsync(Key("only-acme", "umbrella"))).Error?.Code);
        var listed = await Host.Sessions.ListAsync("umbrella", new SessionFilter(), null, 50, CancellationToken.None);
        Assert.Equal("s", Assert.Single(listed.Value.Items).Id);
    }
}
