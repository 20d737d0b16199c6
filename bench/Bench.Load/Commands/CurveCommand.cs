using System.CommandLine;
using MemoryOrleans.Bench.Load.Http;
using MemoryOrleans.Bench.Load.Loads;
using MemoryOrleans.Bench.Load.Measure;
using Spectre.Console;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>curve</c>: recall against memory size, each size a user of its own.</summary>
internal static class CurveCommand
{
    private const int SizeMax = 100_000_000;
    private const int Batch = 500;
    private const int FillWorkers = 4;
    private const int Limit = 10;
    private static readonly int[] WorkerCounts = [1, 16];

    public static Command Create()
    {
        var common = new CommonOptions();
        var sizes = new Option<string>("--sizes") { Description = "turns of the users, comma-separated",
            DefaultValueFactory = _ => "1000,10000,100000,1000000" };
        var command = new Command("curve", "fills users of several sizes and measures recall at 1 and 16 workers") { sizes };
        common.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var curve = new Curve(common, parsed);
            foreach (var size in ParseSizes(parsed.GetValue(sizes)!))
                await curve.MeasureAsync(size, cancel);
            curve.PrintTable();
            return common.Report(parsed, curve.Runs);
        });
        return command;
    }

    private static int[] ParseSizes(string text)
    {
        var sizes = text.Split(',').Select(s => int.TryParse(s, out var size) ? size : 0).ToArray();
        return Array.TrueForAll(sizes, s => s is > 0 and <= SizeMax)
            ? sizes : throw new UsageException($"--sizes takes numbers from 1 to {SizeMax}.");
    }

    private sealed class Curve(CommonOptions common, ParseResult parsed)
    {
        private readonly Target _target = common.Target.TargetOf(parsed);
        private readonly ServerProcess? _server = common.ServerOf(parsed);
        private readonly string _run = common.RunOf(parsed);
        private readonly Table _table = NewTable();

        public List<RunFigures> Runs { get; } = [];

        public async Task MeasureAsync(int size, CancellationToken cancel)
        {
            var run = $"{_run}-{size}";
            var shape = FillShape.Of(size, Batch, sessions: null, user: run);
            var fillPlan = common.PlanOf(parsed, FillWorkers, run);
            var filled = await FillCommand.RunAsync(_target, fillPlan, shape, _server, common.Target.TimeoutOf(parsed), cancel);
            Runs.Add(FillCommand.Describe($"fill {size}", common.SettingsOf(parsed), shape, filled, _server));
            var first = await RecallOnceAsync(new RecallShape(shape, Limit, []), cancel);
            foreach (var workers in WorkerCounts)
            {
                var figures = await RecallAsync($"recall {size} x{workers}", new RecallShape(shape, Limit, []), workers, first, cancel);
                Runs.Add(figures);
                AddRow(size, FillCommand.TurnsPerSecond(shape, filled), first, workers, figures);
            }
        }

        public void PrintTable()
        {
            RunTable.Widen();
            AnsiConsole.Write(_table);
        }

        /// <summary>Milliseconds of the first recall: it may have to build or catch up an index.</summary>
        private async Task<double> RecallOnceAsync(RecallShape shape, CancellationToken cancel)
        {
            var source = new RecallSource(common.PlanOf(parsed, 1), 0, shape);
            var request = new RequestBuffer();
            return await Task.Run(
                () =>
                {
                    using var connection = new HttpConnection(_target, TimeSpan.FromMinutes(10));
                    source.TryCompose(request, out _);
                    var began = TimeProvider.System.GetTimestamp();
                    if (connection.Exchange(request) is var status and not 200)
                        throw new InvalidDataException($"The first recall answered {status}.");
                    return Math.Round(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds, 3);
                },
                cancel);
        }

        private async Task<RunFigures> RecallAsync(string name, RecallShape shape, int workers, double first, CancellationToken cancel)
        {
            var plan = common.PlanOf(parsed, workers);
            var loop = new ClosedLoop(_target, common.TimedLoop(parsed, workers), _server);
            var sources = Enumerable.Range(0, workers).Select(w => new RecallSource(plan, w, shape)).ToArray();
            var result = await loop.RunAsync(["recall"], w => sources[w], cancel);
            var notes = RecallCommand.EmptyNote(sources);
            notes["turns"] = shape.Filled.Turns;
            notes["workers"] = workers;
            notes["first_recall_ms"] = first;
            return MeasuredRun.Describe(name, common.SettingsOf(parsed), result, _server, notes);
        }

        private static Table NewTable()
        {
            var table = new Table().Border(TableBorder.Minimal);
            foreach (var name in new[] { "turns", "filled turns/s", "first recall ms", "workers", "recalls/s", "p50 ms", "p95 ms",
                "p99 ms", "max ms", "failed", "server µs/op", "RSS MiB" })
                table.AddColumn(new TableColumn(name).RightAligned());
            return table;
        }

        private void AddRow(int size, double filledPerSecond, double first, int workers, RunFigures figures)
        {
            var o = figures.Operations[0];
            _table.AddRow(
                $"{size:N0}", $"{filledPerSecond:N0}", $"{first:N1}", $"{workers}", $"{o.PerSecond:N0}",
                $"{o.P50Ms:0.000}", $"{o.P95Ms:0.000}", $"{o.P99Ms:0.000}", $"{o.MaxMs:0.000}", $"{o.Failed:N0}",
                $"{figures.Server?.CpuMicrosecondsPerOperation:0}", $"{figures.Server?.RssAfterMib:0}");
        }
    }
}
