using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Sessions;

/// <summary>Random requests to one actor, whose commits end late, out of step with the requests, or not at all.</summary>
public sealed class SessionActorHistoryTests
{
    [Fact]
    public void Acknowledged_turns_are_exactly_the_stores_and_without_gaps() =>
        Prop.ForAll(StepGen.ArrayOf().ToArbitrary(), static steps => PlayAsync(steps).GetAwaiter().GetResult())
            .Check(SameCases.Quick.WithMaxTest(600).WithEndSize(60));

    private static async Task PlayAsync(Step[] steps)
    {
        var store = new ScriptedStore { Holds = true };
        var minted = 0;
        using var actor = new SessionActor(Drafts.Key, store, new FakeClock(), () => $"m{Interlocked.Increment(ref minted)}");
        var appends = new List<(AppendCommand Command, Task<Outcome<AppendResult>> Answer)>();
        var endings = new List<Task<Outcome<Session>>>();
        foreach (var (step, i) in steps.Select(static (step, i) => (step, i)))
        {
            if (step.ToCommand(i) is { } command)
                appends.Add((command, actor.AppendAsync(command, CancellationToken.None)));
            else if (step.Kind == StepKind.Close)
                endings.Add(actor.CloseAsync(null, CancellationToken.None));
            else
                store.FinishOne(step.Failure);
        }

        store.FinishAll();
        await Task.WhenAll(endings);
        Check([.. await Task.WhenAll(appends.Select(static async each => (each.Command, await each.Answer)))], store.TurnsOf(Drafts.Key));
    }

    private static void Check((AppendCommand Command, Outcome<AppendResult> Outcome)[] answers, IReadOnlyList<Turn> log)
    {
        var acknowledged = answers.Where(static each => each.Outcome.IsSuccess).ToArray();
        Assert.Equal(Enumerable.Range(1, log.Count).Select(static seq => (long)seq), log.Select(static turn => turn.Seq));
        Assert.Equal(log, acknowledged.SelectMany(static each => each.Outcome.Value.Turns).Distinct().OrderBy(static turn => turn.Seq));
        var effective = acknowledged.Where(static each => !each.Outcome.Value.Replayed).ToArray();
        Assert.Equal(log.Count, effective.Sum(static each => each.Outcome.Value.Turns.Count));
        Assert.Distinct(effective.Select(static each => each.Outcome.Value.Version));
        foreach (var (command, outcome) in acknowledged)
            Assert.Equal(command.Turns.Select(static draft => draft.Content), outcome.Value.Turns.Select(static turn => turn.Content));
        foreach (var once in acknowledged.Where(static each => each.Command.Idempotency is not null)
            .GroupBy(static each => each.Command.Idempotency!.Key))
            Assert.Single(once.Select(static each => each.Outcome.Value.Version).Distinct());
        Assert.All(
            answers.Where(static each => !each.Outcome.IsSuccess),
            static each => Assert.Contains(each.Outcome.Error!.Code,
            new[] { ErrorCode.Overloaded, ErrorCode.StoreUnavailable, ErrorCode.SessionMoved }));
    }

    private static Gen<Step> StepGen => Gen.Frequency(
        (4, Gen.Choose(1, 3).Select(static count => new Step(StepKind.Append, count))),
        (2, Gen.Choose(0, 2).Select(static key => new Step(StepKind.AppendOnce, key))),
        (2, Gen.Choose(0, 2).Select(static id => new Step(StepKind.AppendNamed, id))),
        (1, Gen.Constant(new Step(StepKind.Close, 0))),
        (5, Gen.Constant(new Step(StepKind.Finish, 0))),
        (1, Gen.Elements(CommitStatus.Overloaded, CommitStatus.Unavailable).Select(static status => new Step(StepKind.Fail, (int)status))));

    private enum StepKind
    {
        Append,
        AppendOnce,
        AppendNamed,
        Close,
        Finish,
        Fail,
    }

    private sealed record Step(StepKind Kind, int Number)
    {
        public CommitStatus? Failure => Kind == StepKind.Fail ? (CommitStatus)Number : null;

        /// <summary>The append of this step, the i-th; null for other steps.</summary>
        public AppendCommand? ToCommand(int i) => Kind switch
        {
            StepKind.Append => Drafts.Append([.. Enumerable.Range(0, Number).Select(part => Drafts.Of($"step {i}, part {part}"))]),
            StepKind.AppendOnce => Drafts.Append($"once {Number}") with { Idempotency = Drafts.Once($"key{Number}") },
            StepKind.AppendNamed => Drafts.Append($"named {Number}", $"id{Number}"),
            _ => null,
        };
    }
}
