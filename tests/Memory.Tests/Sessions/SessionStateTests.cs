using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Sessions;

public sealed class SessionStateTests
{
    private static readonly Dictionary<string, Turn> NoTurns = [];
    private static readonly DateTimeOffset Now = Turns.Noon;
    private int minted;

    [Fact]
    public void Turns_are_numbered_from_one_in_the_order_of_the_request()
    {
        var state = NewState();
        var first = Reserve(state, Drafts.Append(Drafts.Of("bread"), Drafts.Of("oven", id: "mine")));
        var second = Reserve(state, Drafts.Append("park"));

        Assert.Equal([(1, "m1"), (2, "mine")], first.Turns.Select(static turn => (turn.Seq, turn.Id)));
        Assert.Equal([(3, "m2")], second.Turns.Select(static turn => (turn.Seq, turn.Id)));
        Assert.Equal(first.Turns, first.Commit!.Turns);
        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.Equal((3, 2), (state.Session!.LastSeq, state.Session.Version));
    }

    [Fact]
    public void A_commit_names_the_version_it_stands_on()
    {
        var state = NewState();
        var first = Reserve(state, Drafts.Append("bread")).Commit!;
        var second = Reserve(state, Drafts.Append("oven")).Commit!;

        Assert.Equal((0, 0), (first.ExpectedVersion, first.TombstoneVersion));
        Assert.Equal((1, 0), (second.ExpectedVersion, second.TombstoneVersion));
        Assert.Equal(state.Session, second.After);
    }

    [Fact]
    public void A_turn_takes_what_was_supplied_and_the_clock_for_the_rest()
    {
        var at = Now.AddDays(-400);
        var turns = Reserve(NewState(),
            Drafts.Append(Drafts.Of("bread oven", at: at, metadata: "{}"), new TurnDraft(null, "tool", "Ann", "park", null, null))).Turns;

        Assert.Equal(new Turn("s", 1, "m1", "user", null, "bread oven", at, Now, "{}", 3), turns[0]);
        Assert.Equal(new Turn("s", 2, "m2", "tool", "Ann", "park", Now, Now, null, 1), turns[1]);
    }

    [Fact]
    public void Times_in_UTC_are_told_by_the_clock_of_the_sessions_zone_and_others_as_they_came()
    {
        var state = NewState();
        var given = new DateTimeOffset(2025, 7, 1, 0, 30, 0, TimeSpan.FromHours(-4));
        Reserve(state, Drafts.Append("bread") with { TimeZone = "Europe/Berlin" });
        var turns = Reserve(state,
            Drafts.Append(Drafts.Of("oven", at: given), Drafts.Of("park", at: given.ToUniversalTime()), Drafts.Of("rye"))).Turns;

        Assert.Equal([given, given, Now], turns.Select(static turn => turn.OccurredAt));
        Assert.Equal([-4, 2, 1], turns.Select(static turn => turn.OccurredAt.Offset.Hours));
        Assert.All(turns, static turn => Assert.Equal(TimeSpan.Zero, turn.RecordedAt.Offset));
        Assert.Equal("Europe/Berlin", state.Session!.TimeZone);
        Reserve(state, Drafts.Append("moved") with { TimeZone = "Asia/Tokyo" });
        Assert.Equal("Asia/Tokyo", state.Session.TimeZone);
    }

    [Fact]
    public void Time_never_runs_backwards_within_a_session()
    {
        var state = NewState();
        Reserve(state, Drafts.Append("bread"));
        var later = state.Reserve(Drafts.Append("oven"), NoTurns, Now.AddHours(-1)).Value;

        Assert.Equal(Now, later.Turns[0].RecordedAt);
        Assert.Equal(Now, state.Session!.UpdatedAt);
        Assert.Equal(Now, state.Close(null, Now.AddHours(-2)).Value!.After.UpdatedAt);
    }

    [Fact]
    public void The_first_append_decides_whose_session_it_is()
    {
        var state = NewState();
        Reserve(state, Drafts.Append("bread") with { UserId = "ada", AgentId = "guide" });

        Assert.Equal(("ada", "guide"), (state.Session!.UserId, state.Session.AgentId));
        Assert.True(Refused(state, Drafts.Append("x") with { UserId = "bob" }) is { Code: ErrorCode.OwnerConflict, Field: "user_id" });
        Assert.True(Refused(state, Drafts.Append("x") with { AgentId = "clerk" }) is { Code: ErrorCode.OwnerConflict, Field: "agent_id" });
        Assert.Equal(2, Reserve(state, Drafts.Append("x") with { UserId = "ada", AgentId = "guide" }).Turns[0].Seq);
        Assert.Equal(3, Reserve(state, Drafts.Append("x")).Turns[0].Seq);
    }

    [Fact]
    public void A_session_without_owner_takes_none_later()
    {
        var state = NewState();
        Reserve(state, Drafts.Append("bread"));

        Assert.Equal(ErrorCode.OwnerConflict, Refused(state, Drafts.Append("x") with { UserId = "ada" }).Code);
    }

    [Fact]
    public void Known_turns_are_repeated_and_the_rest_is_added()
    {
        var state = NewState();
        var stored = Reserve(state, Drafts.Append(Drafts.Of("bread", "a"), Drafts.Of("oven", "b")))
            .Turns.ToDictionary(static turn => turn.Id);

        var mixed = Reserve(state, Drafts.Append(Drafts.Of("oven", "b"), Drafts.Of("park", "c"), Drafts.Of("bread", "a")), stored);

        Assert.Equal([("b", 2L), ("c", 3L), ("a", 1L)], mixed.Turns.Select(static turn => (turn.Id, turn.Seq)));
        Assert.Equal(["c"], mixed.Commit!.Turns.Select(static turn => turn.Id));
        Assert.Equal(2, mixed.Version);
    }

    [Fact]
    public void Nothing_but_known_turns_is_a_replay_that_changes_nothing()
    {
        var state = NewState();
        var first = Reserve(state, Drafts.Append("bread", "a"));
        var before = state.Session;

        var again = Reserve(state, Drafts.Append("bread", "a") with { IfMatchVersion = 77 },
            first.Turns.ToDictionary(static turn => turn.Id));

        Assert.Null(again.Commit);
        Assert.Equal(first.Turns, again.Turns);
        Assert.Equal(1, again.Version);
        Assert.Same(before, state.Session);
    }

    [Fact]
    public void A_turn_id_with_other_fields_is_a_conflict_that_changes_nothing()
    {
        var state = NewState();
        var stored = Reserve(state, Drafts.Append(Drafts.Of("bread", "a", metadata: """{"x":1}""")))
            .Turns.ToDictionary(static turn => turn.Id);
        var before = state.Session;
        TurnDraft[] others =
        [
            Drafts.Of("Bread", "a", metadata: """{"x":1}"""),
            Drafts.Of("bread", "a", role: "assistant", metadata: """{"x":1}"""),
            Drafts.Of("bread", "a", metadata: """{"x":2}"""),
            Drafts.Of("bread", "a"),
            Drafts.Of("bread", "a", at: Now.AddDays(1), metadata: """{"x":1}"""),
            Drafts.Of("bread", "a", metadata: """{"x":1}""") with { Name = "Ann" },
        ];

        foreach (var other in others)
            Assert.True(Refused(state, Drafts.Append(Drafts.Of("new"), other), stored) is { Code: ErrorCode.TurnIdConflict, Field: "id" });
        Assert.Same(before, state.Session);
        Assert.Null(Reserve(state, Drafts.Append(Drafts.Of("bread", "a", metadata: """{"x":1}""")), stored).Commit);
        Assert.Null(Reserve(state, Drafts.Append(Drafts.Of("bread", "a", at: Now, metadata: """{"x":1}""")), stored).Commit);
    }

    [Fact]
    public void If_match_must_name_the_present_version()
    {
        var state = NewState();
        Assert.Equal(ErrorCode.PreconditionFailed, Refused(state, Drafts.Append("x") with { IfMatchVersion = 1 }).Code);
        Assert.Equal(1, Reserve(state, Drafts.Append("x") with { IfMatchVersion = 0 }).Version);

        Assert.True(Refused(state, Drafts.Append("x") with { IfMatchVersion = 0 }) is { Code: ErrorCode.PreconditionFailed,
            Field: "If-Match" });
        Assert.Equal(2, Reserve(state, Drafts.Append("x") with { IfMatchVersion = 1 }).Version);
        Assert.Equal(ErrorCode.PreconditionFailed, state.Close(1, Now).Error!.Code);
        Assert.Equal(ErrorCode.PreconditionFailed, state.Delete(1).Error!.Code);
        Assert.Equal(3, state.Close(2, Now).Value!.After.Version);
        Assert.Equal(3, state.Delete(3).Value);
    }

    [Fact]
    public void Closing_twice_changes_nothing_and_an_append_opens_again()
    {
        var state = NewState();
        Reserve(state, Drafts.Append("bread"));
        var closed = state.Close(null, Now).Value!;

        Assert.Equal((1, 2, SessionStatus.Closed), (closed.ExpectedVersion, closed.After.Version, closed.After.Status));
        Assert.Empty(closed.Turns);
        Assert.Null(state.Close(null, Now).Value);
        var reopened = Reserve(state, Drafts.Append("oven")).Commit!;
        Assert.Equal((2, 3, SessionStatus.Open), (reopened.ExpectedVersion, reopened.After.Version, reopened.After.Status));
    }

    [Fact]
    public void What_does_not_exist_can_be_neither_closed_nor_deleted()
    {
        var state = NewState();

        Assert.Equal(ErrorCode.NotFound, state.Close(null, Now).Error!.Code);
        Assert.Equal(ErrorCode.NotFound, state.Delete(null).Error!.Code);
    }

    [Fact]
    public void Versions_go_on_through_deletion_so_that_no_old_one_ever_matches()
    {
        var state = NewState();
        Reserve(state, Drafts.Append("bread"));
        Reserve(state, Drafts.Append("oven"));
        Assert.Equal(2, state.Delete(null).Value);
        Assert.Null(state.Session);
        Assert.Equal(ErrorCode.NotFound, state.Delete(null).Error!.Code);

        var anew = Reserve(state, Drafts.Append("park") with { UserId = "bob", IfMatchVersion = 0 });

        Assert.Equal((4, 1), (anew.Version, anew.Turns[0].Seq));
        Assert.Equal((0, 3), (anew.Commit!.ExpectedVersion, anew.Commit.TombstoneVersion));
        Assert.Equal("bob", state.Session!.UserId);
        Assert.Equal(0, Reserve(state, Drafts.Append("x")).Commit!.TombstoneVersion);
    }

    [Fact]
    public void A_tombstone_loaded_from_the_store_counts_like_one_just_made()
    {
        var state = new SessionState(Drafts.Key, new SessionLookup(null, TombstoneVersion: 9), Mint);
        var commit = Reserve(state, Drafts.Append("bread")).Commit!;

        Assert.Equal((0, 9, 10), (commit.ExpectedVersion, commit.TombstoneVersion, commit.After.Version));
    }

    [Fact]
    public void A_loaded_session_goes_on_where_it_was()
    {
        var loaded = new Session("s", "ada", null, SessionStatus.Closed, 41, 50, Now.AddDays(-1), Now.AddDays(-1));
        var reserved = Reserve(new SessionState(Drafts.Key, new SessionLookup(loaded, 0), Mint), Drafts.Append("bread"));

        Assert.Equal(42, reserved.Turns[0].Seq);
        Assert.Equal(loaded with { Status = SessionStatus.Open, LastSeq = 42, Version = 51, UpdatedAt = Now }, reserved.Commit!.After);
    }

    [Fact]
    public void An_idempotency_record_names_the_turns_that_were_new()
    {
        var state = NewState();
        var stored = Reserve(state, Drafts.Append("bread", "a")).Turns.ToDictionary(static turn => turn.Id);
        var key = Drafts.Once("k");
        var commit = Reserve(
            state, Drafts.Append(Drafts.Of("oven"), Drafts.Of("bread", "a"), Drafts.Of("park")) with { Idempotency = key }, stored).Commit!;

        Assert.Equal(new IdempotencyRecord(key.Scope, "k", key.RequestDigest, "s", 2, 2, 2, Now.AddHours(24)), commit.Idempotency);
        Assert.Null(Reserve(state, Drafts.Append("x")).Commit!.Idempotency);
    }

    private SessionState NewState() => new(Drafts.Key, default, Mint);

    private string Mint() => $"m{++minted}";

    private static SessionReservation Reserve(SessionState state, AppendCommand command, Dictionary<string, Turn>? stored = null) =>
        state.Reserve(command, stored ?? NoTurns, Now).Value;

    private static MemoryError Refused(SessionState state, AppendCommand command, Dictionary<string, Turn>? stored = null) =>
        state.Reserve(command, stored ?? NoTurns, Now).Error!;
}
