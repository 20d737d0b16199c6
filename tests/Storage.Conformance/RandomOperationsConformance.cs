using FsCheck;
using FsCheck.Fluent;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>What one step of a random run does.</summary>
public enum StepKind
{
    Append,
    AppendOnce,
    Close,
    Delete,
    StaleAppend,
    StaleDelete,
    RepeatTurnId,

    /// <summary>Everything sent so far ends, and the store is compared with the model.</summary>
    Settle,
    Reopen,
}

/// <summary>A step of a random run, on one of six sessions of two tenants.</summary>
public readonly record struct Step(StepKind Kind, int Session, int Size);

/// <summary>
/// Random histories against <see cref="StoreModel"/>. Steps between two settlings are sent without waiting, so that they meet
/// in the store's queue and share its transactions.
/// </summary>
public abstract class RandomOperationsConformance : StoreConformance
{
    private const int SessionsPerTenant = 3;

    /// <summary>Histories tried by one run of the test.</summary>
    protected virtual int HistoriesMax => 30;

    [Fact]
    public async Task Random_histories_leave_what_the_model_says()
    {
        var property = Prop.ForAll(Histories(), async (Step[] steps) => await new RandomHistory(() => Store, Tick).RunAsync(steps));

        await Task.Run(() => Check.One(SameCases.Quick.WithMaxTest(HistoriesMax).WithEndSize(60), property));
    }

    private static Arbitrary<Step[]> Histories()
    {
        var kinds = Gen.Frequency(
            (40, Gen.Constant(StepKind.Append)),
            (10, Gen.Constant(StepKind.AppendOnce)),
            (5, Gen.Constant(StepKind.Close)),
            (8, Gen.Constant(StepKind.Delete)),
            (5, Gen.Constant(StepKind.StaleAppend)),
            (3, Gen.Constant(StepKind.StaleDelete)),
            (5, Gen.Constant(StepKind.RepeatTurnId)),
            (12, Gen.Constant(StepKind.Settle)),
            (1, Gen.Constant(StepKind.Reopen)));
        var steps =
            from kind in kinds
            from session in Gen.Choose(0, (2 * SessionsPerTenant) - 1)
            from size in Gen.Choose(1, 4)
            select new Step(kind, session, size);
        return Arb.From(steps.ArrayOf(), Shrink);
    }

    private static IEnumerable<Step[]> Shrink(Step[] steps)
    {
        if (steps.Length > 3)
        {
            yield return steps[..(steps.Length / 2)];
            yield return steps[(steps.Length / 2)..];
        }

        for (var i = 0; i < steps.Length; i++)
            yield return [.. steps[..i], .. steps[(i + 1)..]];
    }
}
