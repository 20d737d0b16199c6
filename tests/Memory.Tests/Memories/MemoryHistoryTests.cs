using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Memories;
using MemoryOrleans.Retention;

namespace MemoryOrleans.Memory.Tests.Memories;

/// <summary>Random lives of a few memories: said, written, edited, superseded, undone, retired and erased.</summary>
public sealed class MemoryHistoryTests
{
    private const int Histories = 10_000;
    private static readonly string[] Cities = ["Berlin", "Paris", "Rome"];

    [Fact]
    public void As_of_answers_what_a_naive_replay_of_the_events_answers() =>
        Prop.ForAll(StepGen.ArrayOf().ToArbitrary(), static steps =>
        {
            var log = new MemoryLog();
            var (now, erased) = (0, new HashSet<string>(StringComparer.Ordinal));
            foreach (var step in steps)
                Play(log, step, now += step.Pause, erased);
            for (var known = -1; known <= now + 1; known++)
                CheckKnown(log, known, now, erased);
            CheckKnown(log, null, now, erased);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Histories).WithEndSize(14).WithReplay(20250303, 77));

    [Fact]
    public void Undoing_what_was_just_done_restores_every_memory_it_changed() =>
        Prop.ForAll(StepGen.NonEmptyListOf().Select(static steps => steps.ToArray()).ToArbitrary(), static steps =>
        {
            var log = new MemoryLog();
            var now = 0;
            foreach (var step in steps[..^1])
                Play(log, step, now += step.Pause, []);
            var before = log.Current.ToDictionary(static memory => memory.Id, StringComparer.Ordinal);
            var known = log.Commits.Count;
            Play(log, steps[^1], ++now, []);
            if (log.Commits.Count == known || steps[^1].Kind == StepKind.Erase)
                return;
            foreach (var operation in log.Commits[^1].Written.Select(static version => version.Operation).Distinct(StringComparer.Ordinal))
                Assert.True(log.Undo(operation, Some.Day(++now)).IsSuccess);

            foreach (var memory in log.Current)
            {
                if (!before.TryGetValue(memory.Id, out var was))
                    Assert.Equal(MemoryStatus.Archived, memory.Status);
                else
                    Assert.True(MemoryVersions.SayTheSame(was, memory) && was.Salience == memory.Salience, $"{was} became {memory}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(14).WithReplay(20250303, 79));

    private static void Play(MemoryLog log, Step step, int now, HashSet<string> erased)
    {
        var at = Some.Day(now);
        var target = log.Ids.Count == 0 ? null : log.Ids[step.Number % log.Ids.Count];
        switch (step.Kind)
        {
            case StepKind.Say:
                log.Say(now, Some.Lives(Cities[step.Number % 3], step.Time, $"s{step.Number}", (step.Number % 4) * 0.25));
                break;
            case StepKind.SayTwice:
                log.Say(now, Some.Lives(Cities[step.Number % 3], step.Time), Some.Lives(Cities[step.Time % 3], step.Time + 1));
                break;
            case StepKind.Write:
                var draft = new MemoryDraft("note", $"Note {step.Number}.", Some.Owner) { ValidFrom = Some.Day(step.Time),
                    ValidTo = Some.Day(step.Time + 3) };
                log.Commit([WriteMemory.Write(draft, log.Mint("n"), log.Mint("op"), at).Value], at);
                break;
            case StepKind.Edit or StepKind.Archive or StepKind.Restore when target is not null:
                var patch = step.Kind == StepKind.Edit
                    ? new MemoryPatch { SetsValidTo = true, ValidTo = Some.Day(step.Time + 4), Importance = (step.Number % 5) * 0.25 }
                    : new MemoryPatch { Status = step.Kind == StepKind.Archive ? MemoryStatus.Archived : MemoryStatus.Active };
                var edit = EditMemory.Edit(log.History(target)[^1], patch, null, Some.Curve, log.Mint("op"), at);
                if (edit.IsSuccess && edit.Value is { } write)
                    log.Commit([write], at);
                break;
            case StepKind.Undo when log.Operations.Count > 0:
                log.Undo(log.Operations[step.Number % log.Operations.Count], at);
                break;
            case StepKind.Retire:
                var rules = new RetentionRules { Default = new RetentionRule { MaxAgeDays = 4, ImportanceThreshold = 0.5 } };
                log.Commit(ApplyRetention.Plan(log.Current, rules, at, log.Mint("op"), dryRun: false).Archivings, at);
                break;
            case StepKind.Erase when target is not null && step.Number % 3 == 0 && log.History(target)[^1].Status != MemoryStatus.Erased:
                log.Erase(target, at);
                erased.Add(target);
                break;
        }
    }

    /// <summary>The oracle: what each memory was after the events up to a time, read off the events alone.</summary>
    private static void CheckKnown(MemoryLog log, int? known, int now, HashSet<string> erased)
    {
        var state = new Dictionary<string, MemoryRecord>(StringComparer.Ordinal);
        foreach (var (at, written) in log.Commits)
        {
            if (known is { } day && at > Some.Day(day))
                break;
            foreach (var version in written)
                state[version.Id] = version;
        }

        foreach (var valid in Enumerable.Range(-1, now + 3).Select(static day => (int?)day).Append(null))
        {
            foreach (var id in log.Ids)
            {
                var expected = Expected(state.GetValueOrDefault(id), valid, erased.Contains(id));
                var actual = AsOfPolicy.Select(log.History(id), new AsOf(DayOf(valid), DayOf(known)));
                Assert.Equal(expected, actual?.Version);
            }
        }
    }

    private static long? Expected(MemoryRecord? state, int? valid, bool isErased)
    {
        if (state is null || isErased || state.Status is MemoryStatus.Candidate or MemoryStatus.Archived or MemoryStatus.Erased)
            return null;
        if (valid is null)
            return state.Status == MemoryStatus.Active ? state.Version : null;
        var day = Some.Day(valid.Value);
        var hasBegun = day >= state.ValidFrom;
        var isOver = state.ValidTo is { } end && day >= end;
        return hasBegun && !isOver ? state.Version : null;
    }

    private static DateTimeOffset? DayOf(int? day) => day is { } number ? Some.Day(number) : null;

    private static Gen<Step> StepGen => Gen.Zip(
        Gen.Frequency(
            (6, Gen.Constant(StepKind.Say)), (2, Gen.Constant(StepKind.SayTwice)), (2, Gen.Constant(StepKind.Write)),
            (2, Gen.Constant(StepKind.Edit)),
            (2, Gen.Constant(StepKind.Archive)), (1, Gen.Constant(StepKind.Restore)), (3, Gen.Constant(StepKind.Undo)),
            (1, Gen.Constant(StepKind.Retire)),
            (1, Gen.Constant(StepKind.Erase))),
        Gen.Zip(Gen.Choose(0, 30), Gen.Zip(Gen.Choose(0, 9), Gen.Choose(0, 2))),
        static (kind, rest) => new Step(kind, rest.Item1, rest.Item2.Item1, rest.Item2.Item2));

    private enum StepKind
    {
        Say,
        SayTwice,
        Write,
        Edit,
        Archive,
        Restore,
        Undo,
        Retire,
        Erase,
    }

    /// <param name="Time">Day in the world that is spoken of.</param>
    /// <param name="Pause">Days since the step before.</param>
    private sealed record Step(StepKind Kind, int Number, int Time, int Pause);
}
