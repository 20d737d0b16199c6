using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MemoryOrleans.Bench.Month;
using MemoryOrleans.Models;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var database = new Option<FileInfo>("--database") { Required = true, Description = "a new SQLite file" };
var days = new Option<int>("--days") { DefaultValueFactory = _ => 30, Description = "days" };
var sessions = new Option<int>("--sessions") { DefaultValueFactory = _ => 200, Description = "sessions of each day" };
var turns = new Option<int>("--turns") { DefaultValueFactory = _ => 6, Description = "turns of each session" };
var command = new RootCommand(
    "A simulated month over SQLite, all jobs by the host's own schedule; fails when something due is left undone.") { database, days,
    sessions, turns };
command.SetAction(async (parsed, cancel) =>
{
    var plan = new MonthPlan(parsed.GetValue(days), parsed.GetValue(sessions), parsed.GetValue(turns));
    var tables = string.Empty;
    await new SimulateMonth(plan, parsed.GetValue(database)!.FullName, new StaticEmbedder()).RunAsync(
        day =>
        {
            if (tables.Length == 0)
            {
                tables = string.Join(' ', day.Rows.Keys);
                Console.WriteLine($"day | {tables} | file MiB | due most/left | works | memories by status | active by salience, fifths | stored too high | MiB of process | s");
            }

            Console.WriteLine(
                $"{day.Day} | {string.Join(' ', day.Rows.Values)} | {day.FileBytes / 1048576.0:0.0} | {day.DueMost}/{day.DueLeft} | {day.Works} | "
                + $"{string.Join(' ', day.Statuses.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}={pair.Value}"))} | "
                + $"{string.Join(' ', day.Saliences)} | {day.StoredTooHigh:0.000} | {day.WorkingSetBytes / 1048576.0:0} | {day.Took.TotalSeconds:0.0}");
        },
        cancel);
    using var process = Process.GetCurrentProcess();
    Console.WriteLine($"peak {process.PeakWorkingSet64 / 1048576.0:0} MiB");
});
return await command.Parse(args).InvokeAsync();
