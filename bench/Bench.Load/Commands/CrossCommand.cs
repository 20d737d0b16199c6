using System.CommandLine;
using System.Globalization;
using System.Text;
using MemoryOrleans.Bench.Load.Drills;
using MemoryOrleans.Bench.Load.Http;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>cross</c>: a turn appended through one gateway is in the very next recall through another.</summary>
internal static class CrossCommand
{
    private const int Users = 20;

    public static Command Create()
    {
        var target = new TargetOptions();
        var other = new Option<string>("--other") { Description = "the gateway that is asked, loopback only", Required = true };
        var rounds = Bounded.Int("--rounds", 10_000, 1, 1_000_000, "turns to append and to ask for");
        var workers = Bounded.Int("--workers", 8, 1, 256, "threads");
        var command = new Command("cross", "appends through --base, and asks --other for each turn as soon as it is acknowledged") { other,
            rounds, workers };
        target.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (asked, timeout) = (Target.Parse(parsed.GetValue(other)!), target.TimeoutOf(parsed));
            var report = new DrillReport("cross");
            var run = "x" + TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);
            var (next, last) = (-1L, parsed.GetValue(rounds));
            await Task.WhenAll(Enumerable.Range(0, parsed.GetValue(workers)).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    using var append = new HttpConnection(target.TargetOf(parsed), timeout);
                    using var recall = new HttpConnection(asked, timeout);
                    for (long number; !cancel.IsCancellationRequested && (number = Interlocked.Increment(ref next)) < last;)
                        Try(target.FormsOf(parsed), append, recall, run, number, report);
                },
                cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            return report.Conclude(oneLine: true);
        });
        return command;
    }

    private static void Try(RequestForms forms, HttpConnection append, HttpConnection recall, string run, long number, DrillReport report)
    {
        // A word that no other turn has, and that no analysis cuts.
        var word = string.Create(CultureInfo.InvariantCulture, $"{run}q{number}z");
        var user = string.Create(CultureInfo.InvariantCulture, $"{run}-u{number % Users}");
        var request = new RequestBuffer();
        forms.BeginTurn(request, new SessionName(Encoding.ASCII.GetBytes($"{run}-s"), number % (Users * 5)));
        request.Write(Encoding.ASCII.GetBytes($$"""{"role":"user","user_id":"{{user}}","content":"The parcel {{word}} has arrived."}"""));
        request.EndBody();
        if (append.Exchange(request) is var appended && appended != 201)
        {
            report.Violate($"number {number} was answered {appended}");
            return;
        }

        forms.BeginRecall(request, credential: 0);
        request.Write(Encoding.ASCII.GetBytes($$"""{"query":"{{word}}","user_id":"{{user}}","limit":1,"kinds":["turn"]}"""));
        request.EndBody();
        if (recall.Exchange(request) is var status && status != 200)
            report.Violate($"recall of number {number} was answered {status}");
        else if (!Encoding.UTF8.GetString(recall.Response.Body.Span).Contains($"parcel {word} has", StringComparison.Ordinal))
            report.Violate($"number {number} was not found");
        else
            report.Count("found at once");
    }
}
