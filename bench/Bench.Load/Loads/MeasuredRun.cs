using MemoryOrleans.Bench.Load.Measure;

namespace MemoryOrleans.Bench.Load.Loads;

/// <summary>Turns a loop's result into figures.</summary>
internal static class MeasuredRun
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Several kinds also get a row of all together.</summary>
    public static RunFigures Describe(
        string command, IReadOnlyDictionary<string, object> settings, LoopResult result, ServerProcess? server,
        IReadOnlyDictionary<string, double>? notes = null)
    {
        var all = new Tally("all");
        foreach (var tally in result.Tallies)
            all.Add(tally);
        var rows = result.Tallies.Count == 1 ? result.Tallies : [.. result.Tallies, all];
        var operations = all.Latency.Count + all.Errors.Values.Sum();
        return new RunFigures(
            command,
            settings,
            Math.Round(result.Window.TotalSeconds, 3),
            result.Complete,
            [.. rows.Select(tally => OperationFigures.Of(tally, result.Window))],
            new GeneratorFigures(Math.Round(result.GeneratorCpu.TotalSeconds, 3),
            PerOperation(result.GeneratorCpu.TotalSeconds, operations)),
            server is null ? null : DescribeServer(server, result, operations),
            notes ?? new Dictionary<string, double>());
    }

    private static ServerFigures DescribeServer(ServerProcess server, LoopResult result, long operations)
    {
        var cpu = result.ServerAfter?.CpuSeconds - result.ServerBefore?.CpuSeconds;
        return new ServerFigures(
            server.Pid,
            cpu is { } seconds ? Math.Round(seconds, 2) : null,
            cpu is { } used ? PerOperation(used, operations) : null,
            Mebibytes(result.ServerBefore?.RssBytes),
            Mebibytes(result.ServerAfter?.RssBytes),
            Mebibytes(result.ServerAfter?.PeakRssBytes));
    }

    private static double? Mebibytes(long? bytes) => bytes is { } known ? Math.Round(known / Mebibyte, 1) : null;

    private static double PerOperation(double seconds, long operations) => operations == 0 ? 0 : Math.Round(seconds * 1e6 / operations, 2);
}
