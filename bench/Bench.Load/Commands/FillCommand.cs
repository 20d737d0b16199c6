using System.CommandLine;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Loads;
using MemoryOrleans.Bench.Load.Measure;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>fill</c>: a user's memory of a given size, by batches.</summary>
internal static class FillCommand
{
    public static Command Create()
    {
        var common = new CommonOptions(workers: 4);
        var turns = Bounded.Int("--turns", 10_000, 1, 100_000_000, "turns to store");
        var user = Bounded.Id("--user", "load", "whose turns they are");
        var batch = Bounded.Int("--batch", 500, 1, 1_000, "turns a request");
        var sessions = Bounded.Int("--sessions", 0, 0, 1_000_000, "sessions the batches are dealt to; 0: one a batch");
        var command = new Command("fill", "POST /v1/sessions/{id}/turns/batch until a number of turns is stored") { common.Workers, turns,
            user, batch, sessions };
        common.AddTo(command, timed: false);
        command.SetAction(async (parsed, cancel) =>
        {
            var spread = parsed.GetValue(sessions);
            var shape = FillShape.Of(parsed.GetValue(turns), parsed.GetValue(batch), spread == 0 ? null : spread, parsed.GetValue(user)!);
            var plan = common.PlanOf(parsed, parsed.GetValue(common.Workers));
            var server = common.ServerOf(parsed);
            var result = await RunAsync(common.Target.TargetOf(parsed), plan, shape, server, common.Target.TimeoutOf(parsed), cancel);
            return common.Report(parsed, Describe("fill", common.SettingsOf(parsed), shape, result, server));
        });
        return command;
    }

    /// <summary>Ends when all is stored, at the first request that cannot succeed, or after a bound of 4 hours.</summary>
    internal static Task<LoopResult> RunAsync(
        Target target, LoadPlan plan, FillShape shape, ServerProcess? server, TimeSpan timeout, CancellationToken cancel)
    {
        var settings = new LoopSettings(plan.Workers, TimeSpan.Zero, TimeSpan.FromHours(4), timeout, RepeatsFailed: true);
        return new ClosedLoop(target, settings, server).RunAsync(["batch"], w => new FillSource(plan, w, shape), cancel);
    }

    internal static RunFigures Describe(
        string command, Dictionary<string, object> settings, FillShape shape, LoopResult result, ServerProcess? server)
    {
        var complete = result.Complete && result.Tallies[0].Latency.Count == shape.Batches;
        var notes = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["turns"] = complete ? shape.Turns : result.Tallies[0].Latency.Count * shape.Batch,
            ["turns_per_second"] = Math.Round(TurnsPerSecond(shape, result), 1),
        };
        return MeasuredRun.Describe(command, settings, result with { Complete = complete }, server, notes);
    }

    internal static double TurnsPerSecond(FillShape shape, LoopResult result) =>
        result.Tallies[0].Latency.Count / (double)shape.Batches * shape.Turns / result.Window.TotalSeconds;
}
