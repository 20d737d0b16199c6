using System.CommandLine;
using MemoryOrleans.Bench.Load.Loads;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>append</c>: single turns as fast as they are acknowledged.</summary>
internal static class AppendCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var sessions = new SessionOptions();
        var user = Bounded.Id("--user", null, "owner of the sessions");
        var command = new Command("append", "POST /v1/sessions/{id}/turns, one turn a request") { common.Workers, user };
        sessions.AddTo(command);
        common.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var workers = parsed.GetValue(common.Workers);
            var plan = common.PlanOf(parsed, workers);
            var server = common.ServerOf(parsed);
            var loop = new ClosedLoop(common.Target.TargetOf(parsed), common.TimedLoop(parsed, workers), server);
            var count = sessions.CountOf(parsed, workers);
            var result = await loop.RunAsync(["append"], w => new AppendSource(plan, w, count, parsed.GetValue(user)), cancel);
            return common.Report(parsed, MeasuredRun.Describe("append", common.SettingsOf(parsed), result, server));
        });
        return command;
    }
}

/// <summary>How many sessions appends go to.</summary>
internal sealed class SessionOptions
{
    private readonly Option<int> _sessions = Bounded.Int("--sessions", 16, 1, 1_000_000, "sessions, dealt to the workers");
    private readonly Option<int?> _perWorker =
        new("--sessions-per-worker") { Description = "sessions of each worker, instead of --sessions" };

    public void AddTo(Command command)
    {
        command.Options.Add(_sessions);
        command.Options.Add(_perWorker);
        _perWorker.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var value) || value is < 1 or > 10_000))
                result.AddError("--sessions-per-worker must be a number from 1 to 10000.");
        });
    }

    public int CountOf(ParseResult parsed, int workers) =>
        parsed.GetValue(_perWorker) is { } each ? each * workers : parsed.GetValue(_sessions);
}
