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
    private static readonly Option<string?> State = OptionForms.OneOf("--state", "Only such ones", "ready", "dead");

    private static readonly Option<string?> Kind = OptionForms.Word("--kind", "KIND", "Only kinds that begin so, for instance embed:");

    private static readonly Option<long?> Requeue = OptionForms.Number("--requeue", "ID", "Try this dead job again");

    private static readonly Option<bool> RequeueDead =
        new("--requeue-dead") { Description = "Try all dead jobs again, those of --kind only where it is given" };

    public static Command Create() => new ExplainedCommand("jobs", "Show the recurring jobs and the work that waits or failed, and try failed work again.", """
        A job that failed too often is dead: it waits for a person, or for news of its session. Needs the scope admin.
        """)
    {
        State, Kind, Requeue, RequeueDead,
    }.Paged().Against(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        if (parsed.GetValue(Requeue) is { } id)
        {
            var job = await connection.Client.RequeueJobAsync(id, cancel);
            if (!JsonOutput.TryPrint(parsed, job, JsonOutput.Types.JobResponse))
                Print([job]);
            return ExitCode.Done;
        }

        if (parsed.GetValue(RequeueDead))
            return await RequeueAllAsync(parsed, connection, cancel);
        var page = await connection.Client.ListJobsAsync(
            parsed.GetValue(State), parsed.GetValue(Kind), parsed.GetValue(PageOptions.Limit), parsed.GetValue(PageOptions.Cursor), cancel);
        if (JsonOutput.TryPrint(parsed, page, JsonOutput.Types.JobPage))
            return ExitCode.Done;
        Print(page.Recurring);
        Print(page.Items);
        await PageOptions.TellNextAsync(page.NextCursor);
        return ExitCode.Done;
    }

    private static async Task<int> RequeueAllAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var requeued = new List<JobResponse>();
        string? cursor = null;
        do
        {
            var page = await connection.Client.ListJobsAsync("dead", parsed.GetValue(Kind), 100, cursor, cancel);
            foreach (var job in page.Items)
                requeued.Add(await connection.Client.RequeueJobAsync(job.Id, cancel));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        if (!JsonOutput.TryPrint(parsed, new JobPage(requeued, null, []), JsonOutput.Types.JobPage))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{requeued.Count} requeued."));
        return ExitCode.Done;
    }

    private static void Print(IReadOnlyList<RecurringJobResponse> jobs)
    {
        if (jobs.Count == 0)
            return;
        var table = new Listing("Job", "State", "Last progress (UTC)", "Last run (UTC)", "Next due (UTC)", "Last counts", "Last error");
        foreach (var job in jobs)
        {
            table.Add(
                job.Kind,
                new Cell(job.State, job.State is "dead" or "failing" ? new Style(Color.Red) : null),
                TimeOf(job.HeartbeatAt),
                TimeOf(job.LastRunAt),
                TimeOf(job.NextDueAt),
                string.Join(", ", job.Counts.Where(static count => count.Value > 0)
                .Select(static count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value}"))),
                job.LastError ?? string.Empty);
        }

        table.Write(Screen.Out());
    }

    private static string TimeOf(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? string.Empty;

    private static void Print(IReadOnlyList<JobResponse> jobs)
    {
        var table = new Listing("Id", "Kind", "Subject", "State", "Due (UTC)", "Cursor", "Failures", "Last error");
        foreach (var job in jobs)
        {
            table.Add(
                job.Id.ToString(CultureInfo.InvariantCulture),
                job.Kind,
                job.Subject,
                new Cell(job.State, job.State == "dead" ? new Style(Color.Red) : null),
                TimeOf(job.DueAt),
                job.Cursor.ToString(CultureInfo.InvariantCulture),
                job.Attempts.ToString(CultureInfo.InvariantCulture),
                job.LastError ?? string.Empty);
        }

        table.Write(Screen.Out());
    }
}
