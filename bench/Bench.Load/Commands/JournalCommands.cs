using System.CommandLine;
using MemoryOrleans.Bench.Load.Drills;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>journal</c> and <c>verify</c>: what was acknowledged, and whether it is there after a crash.</summary>
internal static class JournalCommands
{
    /// <summary>Half of the requests carry a key, so that both ways are tried; one in ten is a batch.</summary>
    private static DrillShape ShapeOf(string run, int sessions) => new(run, sessions, KeyedShare: 0.5, BatchShare: 0.1);

    public static Command CreateJournal()
    {
        var (file, run, sessions) = NewOptions();
        var target = new TargetOptions();
        var workers = Bounded.Int("--workers", 16, 1, 256, "connections");
        var seconds = Bounded.Int("--seconds", 30, 1, 600, "stops after, unless the server has gone before");
        var command = new Command("journal", "appends and records every attempt and every acknowledgement in a file") { file, run,
            sessions, workers, seconds };
        target.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file)!;
            var seed = parsed.GetValue(target.Seed);
            var vocabulary = new Vocabulary(seed);
            var shape = ShapeOf(parsed.GetValue(run)!, parsed.GetValue(sessions));
            using var writer = new JournalWriter(path);
            var journal = new JournalRun(
                target.TargetOf(parsed), target.TimeoutOf(parsed), TimeSpan.FromSeconds(parsed.GetValue(seconds)), writer,
                () => new DrillRequests(target.FormsOf(parsed), vocabulary, seed, shape), JournalRecord.Read(path).NextNumber);
            await journal.RunAsync(parsed.GetValue(workers), cancel);
            Console.WriteLine($"journal: attempted {journal.Attempted}, acknowledged {journal.Acknowledged}, refused {journal.Rejected}");
            return journal.Acknowledged > 0 ? 0 : 1;
        });
        return command;
    }

    public static Command CreateVerify()
    {
        var (file, run, sessions) = NewOptions();
        var target = new TargetOptions();
        var resend = new Option<bool>("--resend") { Description =
            "then send unanswered requests again under their keys, and verify once more" };
        var json = new Option<string?>("--json") { Description = "file for the figures" };
        var command = new Command("verify", "holds the server's sessions against a journal") { file, run, sessions, resend, json };
        target.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var seed = parsed.GetValue(target.Seed);
            var exitCode = Check("verify", journal => new DrillReport(journal));
            if (exitCode != 0 || !parsed.GetValue(resend))
                return exitCode;

            var report = new DrillReport("resend");
            using (var writer = new JournalWriter(path))
            {
                var requests = new DrillRequests(target.FormsOf(parsed), new Vocabulary(seed), seed,
                    ShapeOf(parsed.GetValue(run)!, parsed.GetValue(sessions)));
                new Resend(target.TargetOf(parsed), target.TimeoutOf(parsed), writer, requests, report).Run(JournalRecord.Read(path));
            }

            return Check("resend", _ => report);

            int Check(string name, Func<string, DrillReport> reportOf)
            {
                var into = reportOf(name);
                new JournalCheck(JournalRecord.Read(path), target.TargetOf(parsed), target.FormsOf(parsed), target.TimeoutOf(parsed), into)
                    .Run();
                return into.Conclude(oneLine: true, parsed.GetValue(json));
            }
        });
        return command;
    }

    private static (Option<string> File, Option<string> Run, Option<int> Sessions) NewOptions() => (
        new Option<string>("--file") { Description = "the journal", Required = true },
        Bounded.Id("--run", "journal", "prefix of the session ids"),
        Bounded.Int("--sessions", 8, 1, 10_000, "sessions"));
}
