using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;

namespace MemoryOrleans.Cli.Bench;

/// <summary><c>memory bench</c>: how fast a running memory answers from here.</summary>
internal static class BenchCommand
{
    private const int SecondsDefault = 5;
    private const int WorkersDefault = 4;

    private static readonly Option<int?> Seconds =
        OptionForms.Integer("--seconds", 1, 600, "How long each kind of call is made; default 5");

    private static readonly Option<int?> Workers = OptionForms.Integer("--workers", 1, 64, "Calls at a time; default 4");

    public static Command Create() => new ExplainedCommand("bench", "Measure how fast the memory appends and recalls, as met from here.", """
        Appends made-up turns as a user of its own, then asks for some, and deletes its sessions again. Network, proxies and the key's
        limits are in the figures, as they are for everybody: what is refused with 429 or 503 is counted. Do not run it beside others'
        work that matters. Loads with other shapes: bench/load of the repository.

        Example:
          memory bench --seconds 20 --workers 16
        """)
    {
        Seconds, Workers, JsonOutput.Option,
    }.Against(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var (seconds, workers) = (parsed.GetValue(Seconds) ?? SecondsDefault, parsed.GetValue(Workers) ?? WorkersDefault);
        var run = new BenchRun(connection.Client, workers, TimeSpan.FromSeconds(seconds));
        try
        {
            var report = new BenchReport(workers, seconds, await run.RunAsync(cancel));
            if (parsed.GetValue(JsonOutput.Option))
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(report, BenchJson.Default.BenchReport));
            else
                Print(report);
            return ExitCode.Done;
        }
        finally
        {
            // Also after an interruption: what it stored is nobody's.
            await run.CleanUpAsync();
        }
    }

    private static void Print(BenchReport report)
    {
        var table = new Listing(
            "Call", new Heading("Answered", Right: true), new Heading("Failed", Right: true), new Heading("Per second", Right: true),
            new Heading("p50 ms", Right: true), new Heading("p95 ms", Right: true), new Heading("p99 ms", Right: true));
        foreach (var each in report.Calls)
        {
            table.Add(
                each.Call, Show.Number(each.Answered), Show.Number(each.Failed),
                each.PerSecond.ToString("N1", CultureInfo.InvariantCulture),
                Milliseconds(each.P50), Milliseconds(each.P95), Milliseconds(each.P99));
        }

        table.Write(Screen.Out());
    }

    private static string Milliseconds(double value) => value.ToString("N2", CultureInfo.InvariantCulture);
}
