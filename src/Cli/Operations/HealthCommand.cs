using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using Spectre.Console;

namespace MemoryOrleans.Cli.Operations;

/// <summary><c>memory health</c>: whether the memory takes requests, and how its parts are.</summary>
internal static class HealthCommand
{
    private static readonly Option<bool> Ready = new("--ready")
    {
        Description = "Only ask whether it takes requests, and print nothing when it does: for probes, needs no API key",
    };

    public static Command Create() => new ExplainedCommand("health", "Show whether the memory takes requests, and how each of its parts is.", """
        Each part is checked just then; its latency is how long that took. "ready" is the whole, asked from here.
        The exit code is 1 when a part is not healthy. Where there are API keys, the parts need one with the scope admin.
        """)
    {
        Ready, JsonOutput.Option,
    }.Against(RunAsync);

    private static Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        if (parsed.GetValue(Ready))
            return ProbeAsync(connection, cancel);
        return parsed.GetValue(JsonOutput.Option) ? PrintAsync(parsed, connection, cancel) : ShowAsync(connection, cancel);
    }

    private static async Task<int> ProbeAsync(Connection connection, CancellationToken cancel)
    {
        if (await FaultAsync(connection.Client, cancel) is not { } fault)
            return ExitCode.Done;
        await Console.Error.WriteLineAsync(fault);
        return ExitCode.Refused;
    }

    private static async Task<int> PrintAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var health = await connection.Client.GetHealthAsync(cancel);
        JsonOutput.TryPrint(parsed, health, JsonOutput.Types.HealthResponse);
        return health.Components.All(static part => part.Healthy) ? ExitCode.Done : ExitCode.Refused;
    }

    private static async Task<int> ShowAsync(Connection connection, CancellationToken cancel)
    {
        var table = new Listing("Part", "State", new Heading("Latency", Right: true), "Detail");
        var caption = string.Empty;
        var started = Stopwatch.GetTimestamp();
        var fault = await FaultAsync(connection.Client, cancel);
        Add(table, new ComponentHealthResponse(
            "ready", fault is null, Stopwatch.GetElapsedTime(started).TotalMilliseconds, fault ?? $"{connection.Address} takes requests"));
        try
        {
            var health = await connection.Client.GetHealthAsync(cancel);
            foreach (var part in health.Components)
                Add(table, part);
            caption = $"{health.Status}: version {health.Version}, {health.Environment}\n";
            return fault is null && health.Components.All(static part => part.Healthy) ? ExitCode.Done : ExitCode.Refused;
        }
        finally
        {
            // A caller without the right to see the parts still learns whether the service is ready.
            var screen = Screen.Out();
            table.Write(screen);
            screen.Write(Screen.Plain(caption));
        }
    }

    private static async Task<string?> FaultAsync(MemoryClient memory, CancellationToken cancel)
    {
        try
        {
            await memory.GetReadyAsync(cancel);
            return null;
        }
        catch (MemoryApiException refusal) when (refusal.Status == 503)
        {
            var parts = refusal.Errors.Select(static error => $"{error.Field} {error.Message}");
            return string.Join("; ", parts.DefaultIfEmpty(refusal.Problem.Detail));
        }
    }

    private static void Add(Listing table, ComponentHealthResponse part) => table.Add(
        part.Name,
        part.Healthy ? new Cell("ok", new Style(Color.Green)) : new Cell("not healthy", new Style(Color.Red)),
        string.Create(CultureInfo.InvariantCulture, $"{part.LatencyMs:0.0} ms"),
        part.Detail);
}
