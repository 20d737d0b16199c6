using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Sessions;

public sealed class SessionActorTests : IDisposable
{
    private readonly FakeClock clock = new();
    private readonly ScriptedStore store = new();
    private readonly SessionActor actor;
    private int minted;

    public SessionActorTests() => actor = new SessionActor(Drafts.Key, store, clock, () => $"m{++minted}");

    public void Dispose() => actor.Dispose();

    [Fact]
    public async Task An_append_is_answered_once_it_is_durable()
    {
        store.Holds = true;
        var appending = AppendAsync(Drafts.Append("bread"));
        Assert.False(appending.IsCompleted);
        Assert.True(actor.IsBusy);
        Assert.Empty(store.TurnsOf(Drafts.Key));

        store.FinishOne();
        var result = (await appending).Value;

        Assert.Equal(store.TurnsOf(Drafts.Key), result.Turns);
        Assert.Equal((1, false), (result.Version, result.Replayed));
        Assert.False(actor.IsBusy);
    }

    [Fact]
    public async Task A_window_read_between_two_batches_of_an_import_goes_on_with_the_second()
    {
        // The batches write the session's own version, each with more turns.
        Session Imported(int turns) => new(Drafts.Key.Id, null, null, SessionStatus.Open, turns, 7, Turns.Noon, Turns.Noon);
        Turn[] log = [.. Enumerable.Range(1, 3).Select(static seq => Turns.Of(Drafts.Key.Id, seq, "bread"))];
        store.Put(Drafts.Key.Tenant, Imported(2), log.Take(2));
        var first = (await actor.ReadWindowAsync(default))!;
        await actor.ReadSummaryAsync(first, 1, static _ => Task.FromResult<IReadOnlyList<SummaryPart>>([]));
        store.Put(Drafts.Key.Tenant, Imported(3), log);

        Assert.Equal([3L], (await actor.ReadTurnsAsync(2, 10, default))!.Select(static turn => turn.Seq));
        var second = (await actor.ReadWindowAsync(default))!;
        Assert.Equal(log, second.Turns);
        var isRead = false;
        await actor.ReadSummaryAsync(second, 1, _ =>
        {
            isRead = true;
            return Task.FromResult<IReadOnlyList<SummaryPart>>([]);
        });
        Assert.True(isRead);
    }

    [Fact]
    public async Task Appends_wait_for_their_commits_side_by_side()
    {
        store.Holds = true;
        var appending = Enumerable.Range(0, 5).Select(number => AppendAsync(Drafts.Append($"bread {number}"))).ToArray();
        Assert.Equal(5, store.HeldWrites);

        store.FinishAll();
        var results = await Task.WhenAll(appending);

        Assert.Equal([1, 2, 3, 4, 5], results.Select(static each => each.Value.Turns[0].Seq));
        Assert.Equal([1, 2, 3, 4, 5], results.Select(static each => each.Value.Version));
    }

    [Fact]
    public async Task The_session_is_loaded_once()
    {
        for (var i = 0; i < 3; i++)
            await AppendAsync(Drafts.Append("bread"));

        Assert.Equal(1, store.Loads);
    }

    [Fact]
    public async Task Times_are_whole_microseconds()
    {
        clock.Advance(TimeSpan.FromTicks(7));
        var turn = (await AppendAsync(Drafts.Append("bread"))).Value.Turns[0];

        Assert.Equal(0, turn.RecordedAt.Ticks % TimeSpan.TicksPerMicrosecond);
        Assert.Equal(turn.RecordedAt, turn.OccurredAt);
    }

    [Theory]
    [InlineData(CommitStatus.Overloaded, ErrorCode.Overloaded)]
    [InlineData(CommitStatus.Unavailable, ErrorCode.StoreUnavailable)]
    [InlineData(CommitStatus.Stale, ErrorCode.SessionMoved)]
    public async Task A_failed_commit_is_worth_retrying_and_the_next_append_stands_on_the_store(CommitStatus status, ErrorCode code)
    {
        await AppendAsync(Drafts.Append("bread"));
        store.Failures.Enqueue(status);

        var error = (await AppendAsync(Drafts.Append("oven"))).Error!;
        var next = (await AppendAsync(Drafts.Append("park"))).Value;

        Assert.Equal(code, error.Code);
        Assert.True(error.RetryAfter > TimeSpan.Zero);
        Assert.Equal((2, 2), (next.Turns[0].Seq, next.Version));
        Assert.Equal(["bread", "park"], store.TurnsOf(Drafts.Key).Select(static turn => turn.Content));
    }

    [Fact]
    public async Task What_stood_on_a_failed_commit_fails_too_and_then_all_is_well()
    {
        store.Holds = true;
        var first = AppendAsync(Drafts.Append("bread"));
        var second = AppendAsync(Drafts.Append("oven"));
        store.FinishOne(CommitStatus.Unavailable);
        store.FinishAll();

        Assert.False((await first).IsSuccess);
        Assert.False((await second).IsSuccess);
        Assert.Equal(1, (await AppendAsync(Drafts.Append("park"))).Value.Turns[0].Seq);
        Assert.Equal(["park"], store.TurnsOf(Drafts.Key).Select(static turn => turn.Content));
    }

    [Fact]
    public async Task Another_writer_of_the_session_makes_one_append_fail_and_not_the_next()
    {
        await AppendAsync(Drafts.Append("bread"));
        using var other = new SessionActor(Drafts.Key, store, clock, static () => "theirs");
        await other.AppendAsync(Drafts.Append("oven"), CancellationToken.None);

        Assert.Equal(ErrorCode.SessionMoved, (await AppendAsync(Drafts.Append("park"))).Error!.Code);
        Assert.Equal(3, (await AppendAsync(Drafts.Append("park"))).Value.Turns[0].Seq);
    }

    [Fact]
    public async Task A_refusal_is_held_against_what_another_writer_has_made_of_the_session()
    {
        await AppendAsync(Drafts.Append("bread"));
        using var other = new SessionActor(Drafts.Key, store, clock, static () => "theirs");
        await other.AppendAsync(Drafts.Append("oven"), CancellationToken.None);

        Assert.Equal(3, (await AppendAsync(Drafts.Append("park") with { IfMatchVersion = 2 })).Value.Version);
        await other.AppendAsync(Drafts.Append("lost"), CancellationToken.None);
        Assert.Equal(4, (await other.CloseAsync(null, CancellationToken.None)).Value.Version);
        Assert.Equal((4, SessionStatus.Closed), ((await actor.CloseAsync(4, CancellationToken.None)).Value.Version, SessionStatus.Closed));
        Assert.Equal(ErrorCode.PreconditionFailed, (await AppendAsync(Drafts.Append("park") with { IfMatchVersion = 3 })).Error!.Code);
        Assert.True((await other.DeleteAsync(null, CancellationToken.None)).IsSuccess);
        Assert.Equal(1, (await AppendAsync(Drafts.Append("anew") with { UserId = "mia" })).Value.Turns[0].Seq);
    }

    [Fact]
    public async Task A_caller_that_gives_up_waiting_leaves_its_append_to_end_by_itself()
    {
        using var patience = new CancellationTokenSource();
        store.Holds = true;
        var impatient = actor.AppendAsync(Drafts.Append("bread"), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        var next = AppendAsync(Drafts.Append("oven"));
        store.FinishAll();

        Assert.Equal(2, (await next).Value.Turns[0].Seq);
        Assert.Equal(["bread", "oven"], store.TurnsOf(Drafts.Key).Select(static turn => turn.Content));
    }

    [Fact]
    public async Task A_store_that_throws_does_not_spoil_the_session()
    {
        await AppendAsync(Drafts.Append("bread"));
        store.Holds = true;
        var broken = AppendAsync(Drafts.Append("oven"));
        store.Break(new IOException("The cable is out."));
        await Assert.ThrowsAsync<IOException>(() => broken);
        store.Holds = false;

        Assert.Equal(2, (await AppendAsync(Drafts.Append("park"))).Value.Turns[0].Seq);
        Assert.False(actor.IsBusy);
    }

    [Fact]
    public async Task Closing_is_durable_before_it_is_answered_and_keeps_its_place_among_appends()
    {
        store.Holds = true;
        var appending = AppendAsync(Drafts.Append("bread"));
        var closing = actor.CloseAsync(null, CancellationToken.None);
        var reopening = AppendAsync(Drafts.Append("oven"));
        Assert.False(closing.IsCompleted);
        store.FinishAll();

        Assert.Equal(1, (await appending).Value.Version);
        Assert.Equal((2, SessionStatus.Closed), ((await closing).Value.Version, (await closing).Value.Status));
        Assert.Equal(3, (await reopening).Value.Version);
        Assert.Equal(SessionStatus.Open, store.SessionOf(Drafts.Key)!.Status);
    }

    [Fact]
    public async Task A_second_close_is_not_answered_before_the_first_is_durable()
    {
        await AppendAsync(Drafts.Append("bread"));
        store.Holds = true;
        var first = actor.CloseAsync(null, CancellationToken.None);
        var second = actor.CloseAsync(null, CancellationToken.None);
        Assert.False(second.IsCompleted);

        store.FinishOne(CommitStatus.Unavailable);
        Assert.False((await first).IsSuccess);
        store.FinishAll();
        var answer = await second;

        Assert.Equal(answer.IsSuccess, store.SessionOf(Drafts.Key)!.Status == SessionStatus.Closed);
    }

    [Fact]
    public async Task A_deleted_session_begins_anew_with_a_higher_version()
    {
        await AppendAsync(Drafts.Append("bread"));
        await AppendAsync(Drafts.Append("oven"));
        var deleted = (await actor.DeleteAsync(null, CancellationToken.None)).Value;

        Assert.Equal((2, 2), (deleted.LastSeq, deleted.Version));
        Assert.Equal(ErrorCode.NotFound, (await actor.DeleteAsync(null, CancellationToken.None)).Error!.Code);
        Assert.Equal(ErrorCode.NotFound, (await actor.CloseAsync(null, CancellationToken.None)).Error!.Code);
        var anew = (await AppendAsync(Drafts.Append("park"))).Value;
        Assert.Equal((1, 4), (anew.Turns[0].Seq, anew.Version));
    }

    [Fact]
    public async Task A_failed_deletion_leaves_the_session_as_it_was()
    {
        await AppendAsync(Drafts.Append("bread"));
        store.Failures.Enqueue(CommitStatus.Unavailable);

        Assert.Equal(ErrorCode.StoreUnavailable, (await actor.DeleteAsync(null, CancellationToken.None)).Error!.Code);
        Assert.Equal(2, (await AppendAsync(Drafts.Append("oven"))).Value.Turns[0].Seq);
    }

    private Task<Outcome<AppendResult>> AppendAsync(AppendCommand command) => actor.AppendAsync(command, CancellationToken.None);
}
