using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Bench.Load.Loads;
using MemoryOrleans.Bench.Load.Measure;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary>
/// <c>soak</c>: appends and recalls together for long, in slices, so that it shows what grows: latencies, memory, file handles. What
/// the recalls ask for is filled in before, by <c>fill</c>.
/// </summary>
internal static class SoakCommand
{
    public static Command Create()
    {
        var common = new CommonOptions(100);
        var sessions = new SessionOptions();
        var recall = new RecallOptions();
        var share = Bounded.Share("--recall-share", 0.5, "share of requests that recall");
        var slices = Bounded.Int("--slices", 10, 2, 600, "parts of the time, each with its own figures");
        var errors = Bounded.Share("--errors-max", 0.001, "share of failed requests from which on the run has failed");
        var command = new Command("soak", "appends and recalls for long, and what grows meanwhile") { common.Workers, share, slices,
            errors };
        sessions.AddTo(command);
        recall.AddTo(command);
        common.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (workers, count) = (parsed.GetValue(common.Workers), parsed.GetValue(slices));
            var shape = recall.ShapeOf(parsed);
            var server = common.ServerOf(parsed);
            var settings = common.TimedLoop(parsed, workers);
            var parts = new List<SoakSlice>();
            for (var slice = 0; slice < count; slice++)
            {
                var plan = common.PlanOf(parsed, workers, $"{common.RunOf(parsed)}x{slice}");
                var each = settings with { Duration = settings.Duration / count, Warmup = slice == 0 ? settings.Warmup : TimeSpan.Zero };
                var sources = Enumerable.Range(0, workers).Select(w => new MixedSource(
                    new AppendSource(plan, w, sessions.CountOf(parsed, workers), recall.UserOf(parsed)), new RecallSource(plan, w, shape),
                    parsed.GetValue(share),
                    SplitMix.Of(plan.Seed + slice, w, 0x50A))).ToArray();
                var result = await new ClosedLoop(common.Target.TargetOf(parsed), each, server)
                    .RunAsync(["append", "recall"], w => sources[w], cancel);
                parts.Add(SoakSlice.Of(result, server));
                Console.WriteLine(parts[^1].Show(slice + 1));
            }

            return Conclude(parts, settings.Duration / count, parsed.GetValue(errors));
        });
        return command;
    }

    private static int Conclude(List<SoakSlice> parts, TimeSpan each, double errorsMax)
    {
        var failed = parts.Sum(static part => part.Failed);
        var share = failed / (double)Math.Max(1, failed + parts.Sum(static part => part.Answered));
        double Growth(Func<SoakSlice, double> figure) =>
            Slope.PerHour([.. parts.Select((part, i) => ((i + 0.5) * each.TotalHours, figure(part)))]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"soak: {parts.Sum(static part => part.Answered)} answered, {failed} failed ({share:0.0000%}); by the hour: memory {Growth(static part => part.Mebibytes):+0.0;-0.0} MiB, "
            + $"file handles {Growth(static part => part.Handles):+0.0;-0.0}, append p95 {Growth(static part => part.AppendP95):+0.0;-0.0} ms, recall p95 {Growth(static part => part.RecallP95):+0.0;-0.0} ms"));
        return share <= errorsMax && parts.TrueForAll(static part => part.Answered > 0) ? 0 : 1;
    }

    /// <summary>One part of the time: latencies in ms, memory in MiB.</summary>
    private sealed record SoakSlice(
        long Answered, long Failed, LatencyHistogram Append, LatencyHistogram Recall, double Mebibytes, int Handles)
    {
        private const double Nanoseconds = 1e6;

        public double AppendP95 => Append.ValueAt(0.95) / Nanoseconds;

        public double RecallP95 => Recall.ValueAt(0.95) / Nanoseconds;

        public static SoakSlice Of(LoopResult result, ServerProcess? server) => new(
            result.Tallies.Sum(static tally => tally.Latency.Count), result.Tallies.Sum(static tally => tally.Errors.Values.Sum()),
            result.Tallies[0].Latency,
            result.Tallies[1].Latency, (result.ServerAfter?.RssBytes ?? 0) / 1048576.0, server?.CountHandles() ?? 0);

        public string Show(int number) => string.Create(
            CultureInfo.InvariantCulture,
            $"{number,3}: {Answered} answered, {Failed} failed; append {Three(Append)}; recall {Three(Recall)}; {Mebibytes:0} MiB, {Handles} file handles");

        private static string Three(LatencyHistogram latency) => string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {latency.ValueAt(0.5) / Nanoseconds:0.0} p95 {latency.ValueAt(0.95) / Nanoseconds:0.0} p99 {latency.ValueAt(0.99) / Nanoseconds:0.0} ms");
    }
}
