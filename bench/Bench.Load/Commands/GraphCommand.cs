using System.CommandLine;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Loads;
using MemoryOrleans.Bench.Load.Measure;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>graph</c>: a graph of a given size, filled and then searched by 1 and by 8 workers.</summary>
internal static class GraphCommand
{
    private static readonly int[] SearchWorkers = [1, 8];

    public static Command Create()
    {
        var common = new CommonOptions(workers: 8);
        var entities = Bounded.Int("--entities", 100_000, 1, 10_000_000, "entities, each with 1 to 3 observations");
        var command = new Command("graph",
            "fills a tenant's knowledge graph and measures POST /v1/entities/search at 1 and 8 workers") { common.Workers, entities };
        common.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var count = parsed.GetValue(entities);
            var target = common.Target.TargetOf(parsed);
            var server = common.ServerOf(parsed);
            var workers = parsed.GetValue(common.Workers);
            var plan = common.PlanOf(parsed, workers);
            var filling = new LoopSettings(workers, TimeSpan.Zero, TimeSpan.FromHours(4), common.Target.TimeoutOf(parsed),
                RepeatsFailed: true);
            var filled = await new ClosedLoop(target, filling, server)
                .RunAsync(GraphFillSource.Kinds, w => new GraphFillSource(plan, w, count), cancel);
            var runs = new List<RunFigures> { MeasuredRun.Describe("graph fill", common.SettingsOf(parsed), filled, server) };
            var first = await SearchOnceAsync(target, plan, count, cancel);
            foreach (var searchers in SearchWorkers)
            {
                var sources = Enumerable.Range(0, searchers).Select(w => new GraphSearchSource(plan, w, count)).ToArray();
                var result = await new ClosedLoop(target, common.TimedLoop(parsed, searchers), server)
                    .RunAsync(["search"], w => sources[w], cancel);
                var notes = new Dictionary<string, double>(StringComparer.Ordinal)
                {
                    ["workers"] = searchers, ["first_search_ms"] = first,
                        ["searches_without_items"] = sources.Sum(static source => source.Empty),
                };
                runs.Add(MeasuredRun.Describe($"graph search x{searchers}", common.SettingsOf(parsed), result, server, notes));
            }

            return common.Report(parsed, runs);
        });
        return command;
    }

    /// <summary>Milliseconds of the first search, which may have to build the index.</summary>
    private static Task<double> SearchOnceAsync(Target target, LoadPlan plan, int entities, CancellationToken cancel) => Task.Run(
        () =>
        {
            using var connection = new HttpConnection(target, TimeSpan.FromMinutes(10));
            var request = new RequestBuffer();
            new GraphSearchSource(plan, 0, entities).TryCompose(request, out _);
            var began = TimeProvider.System.GetTimestamp();
            if (connection.Exchange(request) is var status and not 200)
                throw new InvalidDataException($"The first search answered {status}.");
            return Math.Round(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds, 3);
        },
        cancel);
}
