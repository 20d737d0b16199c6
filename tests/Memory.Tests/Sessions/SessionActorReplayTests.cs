using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Sessions;

/// <summary>Requests that come again, after the first or beside it.</summary>
public sealed class SessionActorReplayTests : IDisposable
{
    private readonly FakeClock clock = new();
    private readonly ScriptedStore store = new();
    private readonly SessionActor actor;
    private int minted;

    public SessionActorReplayTests() => actor = new SessionActor(Drafts.Key, store, clock, () => $"m{++minted}");

    public void Dispose() => actor.Dispose();

    [Fact]
    public async Task A_key_sent_again_gets_the_first_answer()
    {
        var command = Drafts.Append(Drafts.Of("bread"), Drafts.Of("oven", "b"), Drafts.Of("park")) with { Idempotency = Drafts.Once("k") };
        var first = (await AppendAsync(command)).Value;
        await AppendAsync(Drafts.Append("later"));

        var again = (await AppendAsync(command)).Value;

        Assert.Equal(first.Turns, again.Turns);
        Assert.Equal((1, true), (again.Version, again.Replayed));
        Assert.Equal(4, store.TurnsOf(Drafts.Key).Count);
    }

    [Fact]
    public async Task A_key_whose_request_repeated_known_turns_answers_in_the_same_order()
    {
        await AppendAsync(Drafts.Append("bread", "a"));
        var command = Drafts.Append(Drafts.Of("oven"), Drafts.Of("bread", "a"), Drafts.Of("park")) with { Idempotency = Drafts.Once("k") };
        var first = (await AppendAsync(command)).Value;

        Assert.Equal(first.Turns, (await AppendAsync(command)).Value.Turns);
    }

    [Fact]
    public async Task A_key_that_another_process_used_for_the_sessions_first_turns_gets_its_answer()
    {
        // This process has looked, found no session, and remembers that.
        await actor.CloseAsync(null, CancellationToken.None);
        using var other = new SessionActor(Drafts.Key, store, clock, () => $"o{++minted}");
        var command = Drafts.Append(Drafts.Of("bread", "a"), Drafts.Of("oven")) with { Idempotency = Drafts.Once("k") };
        var first = (await other.AppendAsync(command, CancellationToken.None)).Value;

        var again = (await AppendAsync(command)).Value;

        Assert.Equal(first.Turns, again.Turns);
        Assert.True(again.Replayed);
    }

    [Fact]
    public async Task A_key_with_another_body_is_refused()
    {
        await AppendAsync(Drafts.Append("bread") with { Idempotency = Drafts.Once("k", "one body") });

        var error = (await AppendAsync(Drafts.Append("oven") with { Idempotency = Drafts.Once("k", "another") })).Error!;

        Assert.Equal((ErrorCode.IdempotencyKeyReused, "Idempotency-Key"), (error.Code, error.Field));
        Assert.Single(store.TurnsOf(Drafts.Key));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        var command = Drafts.Append("bread") with { Idempotency = Drafts.Once("k") };
        await AppendAsync(command);
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.True((await AppendAsync(command)).Value.Replayed);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await store.FindIdempotencyAsync("acme", command.Idempotency!.Scope, "k", clock.GetUtcNow(), CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_twin_waits_for_the_request_under_way_and_gets_its_answer(bool byKey)
    {
        var command = byKey ? Drafts.Append("bread") with { Idempotency = Drafts.Once("k") } : Drafts.Append("bread", "a");
        store.Holds = true;
        var first = AppendAsync(command);
        var twin = AppendAsync(command);
        var stranger = AppendAsync(Drafts.Append("oven"));
        Assert.Equal(2, store.HeldWrites);
        Assert.False(twin.IsCompleted);

        store.FinishOne();
        Assert.Equal((await first).Value.Turns, (await twin).Value.Turns);
        Assert.True((await twin).Value.Replayed);
        store.FinishAll();

        Assert.Equal(2, (await stranger).Value.Turns[0].Seq);
        Assert.Equal(["bread", "oven"], store.TurnsOf(Drafts.Key).Select(static turn => turn.Content));
    }

    [Fact]
    public async Task A_twin_with_another_body_is_refused_once_the_first_is_durable()
    {
        store.Holds = true;
        var first = AppendAsync(Drafts.Append("bread") with { Idempotency = Drafts.Once("k", "one body") });
        var twin = AppendAsync(Drafts.Append("oven") with { Idempotency = Drafts.Once("k", "another") });
        Assert.False(twin.IsCompleted);
        store.FinishAll();

        Assert.True((await first).IsSuccess);
        Assert.Equal(ErrorCode.IdempotencyKeyReused, (await twin).Error!.Code);
    }

    [Fact]
    public async Task A_twin_whose_first_failed_takes_effect_itself()
    {
        await AppendAsync(Drafts.Append("before"));
        var command = Drafts.Append("bread") with { Idempotency = Drafts.Once("k") };
        store.Holds = true;
        var first = AppendAsync(command);
        var twin = AppendAsync(command);
        store.Holds = false;
        store.FinishOne(CommitStatus.Overloaded);

        Assert.False((await first).IsSuccess);
        Assert.Equal((2, false), ((await twin).Value.Turns[0].Seq, (await twin).Value.Replayed));
    }

    [Fact]
    public async Task A_waiting_twin_may_give_up()
    {
        using var patience = new CancellationTokenSource();
        store.Holds = true;
        var first = AppendAsync(Drafts.Append("bread", "a"));
        var twin = actor.AppendAsync(Drafts.Append("bread", "a"), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => twin);
        store.FinishAll();

        Assert.True((await first).IsSuccess);
        Assert.True((await AppendAsync(Drafts.Append("oven"))).IsSuccess);
    }

    [Fact]
    public async Task A_turn_id_sent_again_is_a_replay_and_with_other_fields_a_conflict()
    {
        var first = (await AppendAsync(Drafts.Append("bread", "a"))).Value;
        var again = (await AppendAsync(Drafts.Append("bread", "a"))).Value;

        Assert.Equal(first.Turns, again.Turns);
        Assert.True(again.Replayed);
        Assert.Equal(ErrorCode.TurnIdConflict, (await AppendAsync(Drafts.Append("oven", "a"))).Error!.Code);
        Assert.Single(store.TurnsOf(Drafts.Key));
    }

    [Fact]
    public async Task Nothing_of_a_session_being_deleted_is_replayed()
    {
        var command = Drafts.Append(Drafts.Of("bread", "a"), Drafts.Of("oven")) with { Idempotency = Drafts.Once("k") };
        await AppendAsync(command);
        store.Holds = true;
        var deleting = actor.DeleteAsync(null, CancellationToken.None);
        var anew = AppendAsync(command);
        store.FinishAll();

        Assert.True((await deleting).IsSuccess);
        Assert.Equal([1, 2], (await anew).Value.Turns.Select(static turn => turn.Seq));
        Assert.Equal((3, false), ((await anew).Value.Version, (await anew).Value.Replayed));
        Assert.Equal((await anew).Value.Turns, store.TurnsOf(Drafts.Key));
    }

    [Fact]
    public async Task What_was_erased_between_a_key_s_record_and_its_turns_is_not_replayed()
    {
        var command = Drafts.Append("bread") with { Idempotency = Drafts.Once("k") };
        var first = (await AppendAsync(command)).Value;
        var session = store.SessionOf(Drafts.Key)!;
        store.Put(Drafts.Key.Tenant, session with { Version = session.Version + 1 },
            first.Turns.Select(static turn => turn with { Content = "", IsErased = true }));

        // The record is still there: the answer must be none, and nothing is stored twice.
        Assert.Equal(ErrorCode.SessionMoved, (await AppendAsync(command)).Error?.Code);
        Assert.Single(store.TurnsOf(Drafts.Key));
    }

    [Fact]
    public async Task A_change_from_outside_waits_for_commits_under_way_and_the_next_append_builds_on_it()
    {
        await AppendAsync(Drafts.Append("bread"));
        store.Holds = true;
        var underWay = AppendAsync(Drafts.Append("oven"));
        var changing = actor.ChangeAsync(
            () =>
            {
                var session = store.SessionOf(Drafts.Key)!;
                store.Put(Drafts.Key.Tenant, session with { Version = session.Version + 1 },
                    store.TurnsOf(Drafts.Key).Select(static turn => turn with { Content = "", IsErased = true }));
                return Task.CompletedTask;
            },
            CancellationToken.None);
        Assert.False(changing.IsCompleted);
        var next = AppendAsync(Drafts.Append("salt"));
        store.FinishAll();

        Assert.True((await underWay).IsSuccess);
        await changing;
        Assert.Equal(4, (await next).Value.Version);
        Assert.Equal(["", "", "salt"], store.TurnsOf(Drafts.Key).Select(static turn => turn.Content));
    }

    private Task<Outcome<AppendResult>> AppendAsync(AppendCommand command) => actor.AppendAsync(command, CancellationToken.None);
}
