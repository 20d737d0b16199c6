using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MemoryOrleans.Bench.Load.Http;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>wait</c> and <c>metric</c>: what the drill scripts ask a server.</summary>
internal static class ProbeCommands
{
    private const int PollMs = 20;

    public static Command CreateWait()
    {
        var target = new TargetOptions();
        var path = new Option<string>("--path") { Description = "what to GET", DefaultValueFactory = _ => "/health/ready" };
        var seconds = Bounded.Int("--seconds", 30, 1, 600, "gives up after");
        var command = new Command("wait", "waits until the server answers with a 2xx, and prints the milliseconds it took") { path,
            seconds };
        target.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var began = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(parsed.GetValue(seconds)))
            {
                if (TryGet(target, parsed, parsed.GetValue(path)!) is not null)
                {
                    Console.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0}");
                    return 0;
                }

                await Task.Delay(PollMs, cancel);
            }

            await Console.Error.WriteLineAsync($"bench-load: {parsed.GetValue(path)} did not answer");
            return 1;
        });
        return command;
    }

    public static Command CreateMetric()
    {
        var target = new TargetOptions();
        var name = new Argument<string>("name") { Description = "such as memory_store_commits_total" };
        var command = new Command("metric", "prints the sum of a metric's samples at /metrics") { name };
        target.AddTo(command);
        command.SetAction(parsed =>
        {
            var page = TryGet(target, parsed, "/metrics") ?? throw new UsageException("/metrics does not answer.");
            var samples = page.Split('\n').Where(line => IsSampleOf(line, parsed.GetValue(name)!)).ToArray();
            if (samples.Length == 0)
                throw new UsageException($"/metrics has no {parsed.GetValue(name)}.");
            Console.WriteLine(samples.Sum(ValueOf).ToString(CultureInfo.InvariantCulture));
            return 0;
        });
        return command;
    }

    private static bool IsSampleOf(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && (line[name.Length] is ' ' or '{');

    /// <summary><c>name{labels} value [timestamp]</c>; labels may hold blanks.</summary>
    private static double ValueOf(string line)
    {
        var rest = line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..];
        var fields = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return double.Parse(fields[rest.Length == line.Length ? 1 : 0], CultureInfo.InvariantCulture);
    }

    private static string? TryGet(TargetOptions target, ParseResult parsed, string path)
    {
        using var connection = new HttpConnection(target.TargetOf(parsed), target.TimeoutOf(parsed));
        var request = new RequestBuffer();
        target.FormsOf(parsed).Get(request, path);
        try
        {
            return connection.Exchange(request) is >= 200 and < 300 ? Encoding.UTF8.GetString(connection.Response.Body.Span) : null;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }
}
