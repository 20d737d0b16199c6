using System.CommandLine;
using MemoryOrleans.Bench.Load.Loads;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>mixed</c>: appends and recalls of one user together.</summary>
internal static class MixedCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var sessions = new SessionOptions();
        var recall = new RecallOptions();
        var share = Bounded.Share("--recall-share", 0.8, "share of requests that recall");
        var command = new Command("mixed", "appends and recalls, in random order") { common.Workers, share };
        sessions.AddTo(command);
        recall.AddTo(command);
        common.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var workers = parsed.GetValue(common.Workers);
            var plan = common.PlanOf(parsed, workers);
            var shape = recall.ShapeOf(parsed);
            var server = common.ServerOf(parsed);
            var loop = new ClosedLoop(common.Target.TargetOf(parsed), common.TimedLoop(parsed, workers), server);
            var recalls = Enumerable.Range(0, workers).Select(w => new RecallSource(plan, w, shape)).ToArray();
            var count = sessions.CountOf(parsed, workers);
            var result = await loop.RunAsync(
                ["append", "recall"],
                w => new MixedSource(
                    new AppendSource(plan, w, count, recall.UserOf(parsed)), recalls[w], parsed.GetValue(share),
                    SplitMix.Of(plan.Seed, w, 0xA11)),
                cancel);
            return common.Report(
                parsed, MeasuredRun.Describe("mixed", common.SettingsOf(parsed), result, server, RecallCommand.EmptyNote(recalls)));
        });
        return command;
    }
}
