using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Bench.Load.Drills;
using MemoryOrleans.Bench.Load.Texts;

namespace MemoryOrleans.Bench.Load.Commands;

/// <summary><c>contend</c>: many writers, one session, requests sent twice, nothing lost or doubled.</summary>
internal static class ContendCommand
{
    public static Command Create()
    {
        var target = new TargetOptions();
        var writers = Bounded.Int("--writers", 100, 1, 1_000, "threads, two connections each");
        var turns = Bounded.Int("--turns", 10_000, 1, 10_000_000, "turns to append");
        var retryShare = Bounded.Share("--retry-share", 0.3,
            "share of requests sent twice under one key: at once, later, or after a dropped connection");
        var run = Bounded.Id("--run", null, "prefix of the session's id; else one of this second");
        var json = new Option<string?>("--json") { Description = "file for the figures" };
        var command = new Command("contend", "many writers append to one session under Idempotency-Keys; then all is read back and checked")
        {
            writers, turns, retryShare, run, json,
        };
        target.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var clock = TimeProvider.System;
            var name = parsed.GetValue(run)
                ?? "contend" + clock.GetUtcNow().ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);
            var seed = parsed.GetValue(target.Seed);
            var vocabulary = new Vocabulary(seed);
            var forms = target.FormsOf(parsed);
            var shape = new DrillShape(name, Sessions: 1, KeyedShare: 1, BatchShare: 0);
            var report = new DrillReport("contend");
            var contention = new Contention(
                target.TargetOf(parsed), target.TimeoutOf(parsed), parsed.GetValue(turns), parsed.GetValue(retryShare), seed,
                () => new DrillRequests(forms, vocabulary, seed, shape), report);
            var began = clock.GetTimestamp();
            report.Count("writers", parsed.GetValue(writers));
            await contention.RunAsync(parsed.GetValue(writers), cancel);
            var seconds = clock.GetElapsedTime(began).TotalSeconds;
            report.Count("seconds", Math.Round(seconds, 2));
            report.Count("turns per second", Math.Round(parsed.GetValue(turns) / seconds));
            contention.Check(forms);
            return report.Conclude(json: parsed.GetValue(json));
        });
        return command;
    }
}
