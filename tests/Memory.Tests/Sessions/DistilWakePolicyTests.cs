using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Sessions;

public sealed class DistilWakePolicyTests
{
    private static readonly Dictionary<string, Turn> NoTurns = [];
    private static readonly DateTimeOffset Now = Turns.Noon;
    private static readonly DistillationPace Pace = new() { EveryTurns = 4, Idle = TimeSpan.FromMinutes(10) };
    private int minted;

    [Fact]
    public void The_first_append_wakes_for_when_the_session_will_be_idle()
    {
        var wake = Assert.Single(Append(NewState(), Now));
        Assert.Equal(new Wake(DueKinds.Distil, Now + Pace.Idle), wake);
    }

    [Fact]
    public void Appends_write_no_further_wake_until_shortly_before_the_outstanding_one()
    {
        var state = NewState(lastSeq: 100);
        Assert.Single(Append(state, Now));
        Assert.Empty(Append(state, Now.AddMinutes(9)));
        var late = Now + Pace.Idle - DistilWakePolicy.Margin;
        Assert.Equal(late + Pace.Idle, Assert.Single(Append(state, late)).DueAt);
    }

    [Fact]
    public void Every_nth_turn_wakes_at_once_and_the_turn_after_it_for_idleness()
    {
        var state = NewState();
        var wakes = Enumerable.Range(1, 9).Select(i => Append(state, Now.AddSeconds(i)).Select(static wake => wake.DueAt).ToArray())
            .ToArray();
        Assert.Equal([Now.AddSeconds(4)], wakes[3]);
        Assert.Equal([Now.AddSeconds(5) + Pace.Idle], wakes[4]);
        Assert.Empty(wakes[5]);
        Assert.Equal([Now.AddSeconds(8)], wakes[7]);
    }

    [Fact]
    public void A_batch_that_passes_over_a_boundary_wakes_at_once() =>
        Assert.Equal(Now, DistilWakePolicy.AfterAppend(3, 9, Now + Pace.Idle, Now, Pace));

    [Fact]
    public void A_close_wakes_at_once_and_a_new_session_of_a_deleted_ones_id_anew()
    {
        var state = NewState();
        Append(state, Now);
        Assert.Equal([new Wake(DueKinds.Distil, Now.AddSeconds(1))], state.Close(null, Now.AddSeconds(1)).Value!.Wakes);
        state.Delete(null);
        Assert.Single(Append(state, Now.AddSeconds(2)));
    }

    [Fact]
    public void Without_a_pace_nothing_is_woken()
    {
        var state = new SessionState(Drafts.Key, new SessionLookup(null, 0), () => $"m{++minted}");
        Assert.Empty(Append(state, Now));
        Assert.Empty(state.Close(null, Now).Value!.Wakes);
    }

    [Theory]
    [InlineData(3, 3, false, 0, null)]
    [InlineData(3, 0, false, 0, 600)]
    [InlineData(3, 0, false, 599, 600)]
    [InlineData(3, 0, false, 600, null)]
    [InlineData(4, 0, false, 0, null)]
    [InlineData(1, 0, true, 0, null)]
    public void Woken_too_early_it_is_put_off_until_the_session_is_idle(int lastSeq, int distilled, bool isClosed, int seconds, int? until)
    {
        var session = SessionOf(lastSeq) with { Status = isClosed ? SessionStatus.Closed : SessionStatus.Open };
        Assert.Equal(until is null ? null : Now.AddSeconds(until.Value),
            DistilWakePolicy.PutOffUntil(session, distilled, Now.AddSeconds(seconds), Pace));
    }

    private SessionState NewState(long lastSeq = 0) => new(
        Drafts.Key, new SessionLookup(lastSeq == 0 ? null : SessionOf(lastSeq), 0), () => $"m{++minted}", Pace);

    private static Session SessionOf(long lastSeq) => new(Drafts.Key.Id, null, null, SessionStatus.Open, lastSeq, lastSeq, Now, Now);

    private static IReadOnlyList<Wake> Append(SessionState state, DateTimeOffset at) =>
        state.Reserve(Drafts.Append("bread"), NoTurns, at).Value.Commit!.Wakes;
}
