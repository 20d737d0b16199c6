using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;
using Spectre.Console;

namespace MemoryOrleans.Cli.Jobs;

/// <summary><c>memory jobs</c>: the tenant's recurring jobs and due work, and trying dead work again.</summary>
internal static class JobsCommand
{
    private static readonly Option<string?> State = OptionForms.Word("--state", "STATE", "Only ready, or only dead ones");

    private static readonly Option<string?> Kind = OptionForms.Word("--kind", "KIND", "Only kinds that begin so, for instance embed:");

    private static readonly Option<int?> Limit = OptionForms.Integer("--limit", 1, 100, "Most jobs to show; default 50");

    private static readonly Option<long?> Requeue = new("--requeue") { Description = "Try this dead job again", HelpName = "ID" };

    private static readonly Option<bool> RequeueDead = new("--requeue-dead") { Description = "Try all dead jobs again, those of --kind only where it is given" };

    public static Command Create() => new ExplainedCommand("jobs", "Show the recurring jobs and the work that waits or failed, and try failed work again.", """
        A job that failed too often is dead: it waits for a person, or for news of its session. Needs the scope admin.
        """)
    {
        State, Kind, Limit, Requeue, RequeueDead,
    }.Against(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        if (parsed.GetValue(Requeue) is { } id)
        {
            Print([await connection.Client.RequeueJobAsync(id, cancel)]);
            return ExitCode.Done;
        }

        if (parsed.GetValue(RequeueDead))
            return await RequeueAllAsync(connection, parsed.GetValue(Kind), cancel);
        var page = await connection.Client.ListJobsAsync(parsed.GetValue(State), parsed.GetValue(Kind), parsed.GetValue(Limit), cancel: cancel);
        Print(page.Recurring);
        Print(page.Items);
        if (page.NextCursor is not null)
            await Console.Error.WriteLineAsync("There are more.");
        return ExitCode.Done;
    }

    private static async Task<int> RequeueAllAsync(Connection connection, string? kind, CancellationToken cancel)
    {
        var requeued = 0;
        string? cursor = null;
        do
        {
            var page = await connection.Client.ListJobsAsync("dead", kind, 100, cursor, cancel);
            foreach (var job in page.Items)
            {
                await connection.Client.RequeueJobAsync(job.Id, cancel);
                requeued++;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{requeued} requeued."));
        return ExitCode.Done;
    }

    private static void Print(IReadOnlyList<RecurringJobResponse> jobs)
    {
        if (jobs.Count == 0)
            return;
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Job", "State", "Last progress (UTC)", "Last run (UTC)", "Next due (UTC)", "Last counts", "Last error");
        foreach (var job in jobs)
        {
            table.AddRow(
                Screen.Plain(job.Kind),
                job.State is "dead" or "failing" ? Screen.Plain(job.State, new Style(Color.Red)) : Screen.Plain(job.State),
                Screen.Plain(TimeOf(job.HeartbeatAt)),
                Screen.Plain(TimeOf(job.LastRunAt)),
                Screen.Plain(TimeOf(job.NextDueAt)),
                Screen.Plain(string.Join(", ", job.Counts.Where(static count => count.Value > 0).Select(static count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value}")))),
                Screen.Plain(job.LastError ?? string.Empty));
        }

        Screen.Out().Write(table);
    }

    private static string TimeOf(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? string.Empty;

    private static void Print(IReadOnlyList<JobResponse> jobs)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Id", "Kind", "Subject", "State", "Due (UTC)", "Cursor", "Failures", "Last error");
        foreach (var job in jobs)
        {
            table.AddRow(
                Screen.Plain(job.Id.ToString(CultureInfo.InvariantCulture)),
                Screen.Plain(job.Kind),
                Screen.Plain(job.Subject),
                job.State == "dead" ? Screen.Plain(job.State, new Style(Color.Red)) : Screen.Plain(job.State),
                Screen.Plain(TimeOf(job.DueAt)),
                Screen.Plain(job.Cursor.ToString(CultureInfo.InvariantCulture)),
                Screen.Plain(job.Attempts.ToString(CultureInfo.InvariantCulture)),
                Screen.Plain(job.LastError ?? string.Empty));
        }

        Screen.Out().Write(table);
    }
}
