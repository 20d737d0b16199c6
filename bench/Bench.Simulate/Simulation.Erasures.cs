using MemoryOrleans.Bench.Simulate.Expected;
using MemoryOrleans.Erasures;

namespace MemoryOrleans.Bench.Simulate;

/// <summary>Erasures: of a turn, a session, a note, a user. What is done leaves nothing; what was begun gets done.</summary>
internal sealed partial class Simulation
{
    private async Task EraseAsync(ExpectedTenant tenant)
    {
        await FinishErasuresAsync(tenant, mustBeDone: false);
        world.Faults.IsOn = true;
        if (Choose(tenant) is not { } chosen)
            return;
        var (target, erased, mark) = chosen;
        Note("erase", $"{tenant.Name} {target}");
        var host = AnyHost();
        var answer = await TryAsync(() =>
            host.Erasures.EraseAsync(tenant.Name, target, null, "simulator", TimeSpan.FromSeconds(30), CancellationToken.None));
        NoteEnd(answer is { IsSuccess: true } known ? known.Value.IsDone ? "done" : "running" : answer?.Error?.Code.ToString() ?? "gone");
        if (answer is { IsSuccess: true } outcome)
        {
            mark(Fate.Unknown);
            tenant.Running.Add((outcome.Value.Id, erased));
            world.Faults.IsOn = false;
            await FinishErasuresAsync(tenant, mustBeDone: false);
            return;
        }

        // Begun or not: nobody was told. Nothing is said of it from now on.
        Demand(answer?.Error is null || IsPassing(answer.Value.Error) || answer.Value.Error.Code is ErrorCode.NotFound,
            $"an erasure was refused: {answer?.Error}");
        if (answer?.Error?.Code != ErrorCode.NotFound)
            mark(Fate.Unknown);
    }

    // A target, the words that go with it, and how to note what became of them.
    private (ErasureTarget Target, string[] Words, Action<Fate> Mark)? Choose(ExpectedTenant tenant)
    {
        var sessions = tenant.Sessions.Where(static each => !each.IsGoing && each.Turns.Count > 0).ToList();
        switch (random.Next(8))
        {
            case < 3 when sessions.Count > 0:
                var session = sessions[random.Next(sessions.Count)];
                var turns = session.Turns.Where(static turn => turn.Fate == Fate.Kept).ToList();
                if (turns.Count == 0)
                    return null;
                var turn = turns[random.Next(turns.Count)];
                return (new ErasureTarget(ErasureKind.Turn, session.Key.Id, turn.Id), [turn.Word], fate => turn.Fate = fate);
            case < 5 when sessions.Count > 0:
                var going = sessions[random.Next(sessions.Count)];
                return (new ErasureTarget(ErasureKind.Session, going.Key.Id), WordsOf(going), fate => Leave(going, fate));
            case 5:
                var user = Users[random.Next(2)]!;
                var theirs = tenant.Sessions.Where(each => each.User == user && !each.IsGoing).ToList();
                var notes = tenant.Notes.Where(each => each.User == user && each.Fate == Fate.Kept).ToList();
                // An erasure means what was recorded until its time: what is from after it, by a clock that was put back since, would stay.
                if (theirs.Exists(each => each.Appends.Exists(sent => sent.SentAt > world.Now))
                    || notes.Exists(each => each.Words[^1].From > world.Now))
                    return null;
                return (new ErasureTarget(ErasureKind.User, user), [.. theirs.SelectMany(WordsOf), .. notes.SelectMany(WordsOf)], fate =>
                {
                    theirs.ForEach(each => Leave(each, fate));
                    notes.ForEach(each => each.Fate = fate);
                });
            default:
                var kept = tenant.Notes.Where(static each => each.Fate == Fate.Kept).ToList();
                if (kept.Count == 0)
                    return null;
                var note = kept[random.Next(kept.Count)];
                return (new ErasureTarget(ErasureKind.Memory, note.Id), WordsOf(note), fate => note.Fate = fate);
        }
    }

    // Without those that were never acknowledged: they may have been written after the erasure began.
    private static string[] WordsOf(ExpectedSession session) => [.. session.Turns.Select(static turn => turn.Word)];

    private static string[] WordsOf(ExpectedNote note) => [.. note.Words.Select(static each => each.Word).Distinct(StringComparer.Ordinal)];

    private static void Leave(ExpectedSession session, Fate fate)
    {
        session.IsGoing = true;
        session.Turns.ForEach(turn => turn.Fate = fate);
    }

    private async Task FinishErasuresAsync(ExpectedTenant tenant, bool mustBeDone)
    {
        world.Faults.IsOn = false;
        for (var i = tenant.Running.Count - 1; i >= 0; i--)
        {
            var (id, erased) = tenant.Running[i];
            var erasure = await AnyHost().Erasures.GetAsync(tenant.Name, id, CancellationToken.None);
            Demand(erasure.IsSuccess, $"the erasure {id} is not known any more");
            Demand(erasure.Value.IsDone || !mustBeDone, $"the erasure {id} is not done");
            if (!erasure.Value.IsDone)
                continue;
            tenant.Running.RemoveAt(i);
            tenant.ErasedWords.UnionWith(erased);
            foreach (var turn in tenant.Sessions.SelectMany(static each => each.Turns)
                .Where(turn => tenant.ErasedWords.Contains(turn.Word)))
                turn.Fate = Fate.Erased;
            foreach (var note in tenant.Notes.Where(note => note.Words.Exists(each => tenant.ErasedWords.Contains(each.Word))))
                note.Fate = Fate.Erased;
        }
    }
}
