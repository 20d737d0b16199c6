using System.CommandLine;
using MemoryOrleans.Bench.Load.Loads;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>recall</c>: questions about a user's turns.</summary>
internal static class RecallCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var recall = new RecallOptions();
        var command = new Command("recall", "POST /v1/recall about one user's turns") { common.Workers };
        recall.AddTo(command);
        common.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var workers = parsed.GetValue(common.Workers);
            var plan = common.PlanOf(parsed, workers);
            var shape = recall.ShapeOf(parsed);
            var server = common.ServerOf(parsed);
            var loop = new ClosedLoop(common.Target.TargetOf(parsed), common.TimedLoop(parsed, workers), server);
            var sources = Enumerable.Range(0, workers).Select(w => new RecallSource(plan, w, shape)).ToArray();
            var result = await loop.RunAsync(["recall"], w => sources[w], cancel);
            return common.Report(parsed, MeasuredRun.Describe("recall", common.SettingsOf(parsed), result, server, EmptyNote(sources)));
        });
        return command;
    }

    /// <summary>Answers without items are fast and worth nothing; a run says how many it got, warm-up included.</summary>
    internal static Dictionary<string, double> EmptyNote(IEnumerable<RecallSource> sources) =>
        new(StringComparer.Ordinal) { ["recalls_without_items"] = sources.Sum(s => s.Empty) };
}
