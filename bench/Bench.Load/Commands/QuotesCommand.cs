using System.CommandLine;
using MemoryOrleans.Bench.Load.Loads;
using MemoryOrleans.Bench.Load.Measure;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>quotes</c>: a fill, and at once questions that quote it, at 1 and at 16 workers: recall from the first second.</summary>
internal static class QuotesCommand
{
    private const int FillWorkers = 4;
    private static readonly int[] WorkerCounts = [1, 16];

    public static Command Create()
    {
        var common = new CommonOptions();
        var turns = Bounded.Int("--turns", 10_000, 1, 10_000_000, "turns to store");
        var batch = Bounded.Int("--batch", 50, 1, 1_000, "turns a session");
        var limit = Bounded.Int("--limit", 10, 1, 100, "items asked for");
        var user = Bounded.Id("--user", null, "whose turns they are; without it nobody's, and the whole tenant is asked");
        var command = new Command("quotes",
            "fills a memory, then asks with 6 to 10 neighbouring words of a stored turn, turns and memories alike")
        {
            turns, batch, limit, user,
        };
        common.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (target, server, settings) = (common.Target.TargetOf(parsed), common.ServerOf(parsed), common.SettingsOf(parsed));
            var shape = FillShape.Of(parsed.GetValue(turns), parsed.GetValue(batch), sessions: null, parsed.GetValue(user));
            var fill = common.PlanOf(parsed, FillWorkers);
            var filled = await FillCommand.RunAsync(target, fill, shape, server, common.Target.TimeoutOf(parsed), cancel);
            List<RunFigures> runs = [FillCommand.Describe("fill", settings, shape, filled, server)];
            foreach (var workers in WorkerCounts)
            {
                var plan = common.PlanOf(parsed, workers);
                var sources = Enumerable.Range(0, workers).Select(w => new QuoteSource(plan, w, shape, parsed.GetValue(limit))).ToArray();
                var loop = new ClosedLoop(target, common.TimedLoop(parsed, workers), server);
                var result = await loop.RunAsync(["recall"], w => sources[w], cancel);
                runs.Add(MeasuredRun.Describe($"quotes x{workers}", settings, result, server, HitNote(sources)));
            }

            return common.Report(parsed, runs);
        });
        return command;
    }

    /// <summary>Of the questions answered, warm-up included, the share whose turn is among the items.</summary>
    private static Dictionary<string, double> HitNote(IReadOnlyCollection<QuoteSource> sources) =>
        new(StringComparer.Ordinal)
        {
            ["hit_share"] = Math.Round(sources.Sum(s => s.Found) / (double)Math.Max(1, sources.Sum(s => s.Asked)), 4),
        };
}
