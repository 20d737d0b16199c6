using Spectre.Console;

namespace MemoryOrleans.Bench.Load.Measure;

/// <summary>Figures for people.</summary>
internal static class RunTable
{
    private const int WidthWithoutTerminal = 160;

    public static void Print(IReadOnlyList<RunFigures> runs)
    {
        Widen();
        var table = new Table().Border(TableBorder.Minimal).AddColumns("operation", "window s");
        foreach (var name in new[] { "count", "ops/s", "p50 ms", "p95 ms", "p99 ms", "max ms", "failed", "sent", "received" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var run in runs)
        {
            foreach (var o in run.Operations)
            {
                table.AddRow(
                    Markup.Escape(run.Command == o.Kind ? o.Kind : $"{run.Command}: {o.Kind}"), $"{run.WindowSeconds:0.0}",
                    $"{o.Count:N0}", $"{o.PerSecond:N0}",
                    $"{o.P50Ms:0.000}", $"{o.P95Ms:0.000}", $"{o.P99Ms:0.000}", $"{o.MaxMs:0.000}",
                    $"{o.Failed:N0}", Size(o.BytesSent), Size(o.BytesReceived));
            }
        }

        AnsiConsole.Write(table);
        foreach (var run in runs)
            PrintProcesses(run);
    }

    /// <summary>Output to a file or pipe is not folded at 80 columns.</summary>
    public static void Widen()
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthWithoutTerminal;
    }

    private static void PrintProcesses(RunFigures run)
    {
        AnsiConsole.WriteLine($"{run.Command}: generator {run.Generator.CpuMicrosecondsPerOperation:0.0} µs CPU per request");
        if (run.Server is { } server)
        {
            AnsiConsole.WriteLine(
                $"{run.Command}: server (pid {server.Pid}) {server.CpuMicrosecondsPerOperation:0.0} µs CPU per request, RSS {server.RssBeforeMib:0.0} -> {server.RssAfterMib:0.0} MiB, peak {server.PeakRssMib:0.0} MiB");
        }

        foreach (var (name, value) in run.Notes)
            AnsiConsole.WriteLine($"{run.Command}: {name} {value:#,##0.##}");
        foreach (var o in run.Operations.Where(o => o.Failed > 0))
        {
            AnsiConsole.WriteLine($"{run.Command}: {o.Kind} failed: {string.Join(", ", o.Errors.Select(e => $"{e.Key} x {e.Value:N0}"))}");
            AnsiConsole.WriteLine($"  first: {o.ErrorSample}");
        }
    }

    private static string Size(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} B",
        < 10_000_000 => $"{bytes / 1024.0:N0} KiB",
        _ => $"{bytes / 1024.0 / 1024.0:N0} MiB",
    };
}
