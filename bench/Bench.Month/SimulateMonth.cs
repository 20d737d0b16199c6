using System.Globalization;
using MemoryOrleans.Engine;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Bench.Month;

/// <summary>How much happens.</summary>
internal sealed record MonthPlan(int Days, int SessionsPerDay, int TurnsPerSession = 6, int Users = 12, int Tenants = 2, int Seed = 1);

/// <summary>What a day left behind.</summary>
/// <param name="DueMost">Most rows of the schedule at any look of the day.</param>
/// <param name="DueLeft">Rows of it at the day's end.</param>
/// <param name="Saliences">Active memories by salience, in fifths.</param>
/// <param name="StoredTooHigh">By how much a stored salience is above the true one, at most.</param>
internal sealed record DayReport(
    int Day, IReadOnlyDictionary<string, long> Rows, long FileBytes, long DueMost, long DueLeft, IReadOnlyDictionary<string, int> Statuses,
    int[] Saliences,
    double StoredTooHigh, int Works, long WorkingSetBytes, TimeSpan Took);

/// <summary>
/// Days of an assistant's life over a real SQLite store, on a clock of its own: people talk, cite and recall; between sessions
/// everything that is due is done by the host's own schedule. Ends a day that left something undone with an exception.
/// </summary>
internal sealed class SimulateMonth(MonthPlan plan, string path, IEmbedder embedder)
{
    private static readonly TimeSpan Morning = TimeSpan.FromHours(6);
    private static readonly TimeSpan Evening = TimeSpan.FromHours(22);
    private readonly MonthClock clock = new();
    private readonly MadeUpTalk talk = new(plan.Seed);
    private readonly SalienceCurve curve = new(new SalienceRules());
    private readonly List<string> citable = [];
    private int minted;

    /// <summary>Archived after a week, deleted a week later; sessions go after a fortnight.</summary>
    public static EngineOptions Options { get; } = new()
    {
        Upkeep = new UpkeepRules
        {
            Retention = new RetentionSettings { General =
                new RetentionRules { Default = new RetentionRule { MaxAgeDays = 7, ImportanceThreshold = 0.5, DeleteAfterDays = 7 } } },
            SessionTtl = TimeSpan.FromDays(14),
        },
        Distillation = new DistillationPace { Idle = TimeSpan.FromMinutes(10) },
    };

    /// <param name="tell">Told of each day as it ends.</param>
    public async Task RunAsync(Action<DayReport> tell, CancellationToken cancel)
    {
        await using var store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path }, clock, cancel);
        using var host = new InProcessHost(
            MemoryStores.Of(store), new EngineModels(embedder), clock, () =>
            string.Create(CultureInfo.InvariantCulture, $"m{Interlocked.Increment(ref minted):D8}"), Options);
        for (var day = 0; day < plan.Days; day++)
        {
            var started = TimeProvider.System.GetTimestamp();
            var (works, dueMost) = await LiveAsync(host, store, day, cancel);
            clock.MoveTo(MonthClock.Start.AddDays(day + 1).AddMinutes(-1));
            works += await DoDueAsync(host, cancel);
            await CheckAsync(store, cancel);
            tell(await ReportAsync(store, day, works, dueMost, TimeProvider.System.GetElapsedTime(started), cancel));
        }
    }

    private static string TenantOf(int n) => string.Create(CultureInfo.InvariantCulture, $"tenant{n}");

    private async Task<(int Works, long DueMost)> LiveAsync(InProcessHost host, SqliteStore store, int day, CancellationToken cancel)
    {
        var (works, dueMost) = (0, 0L);
        for (var i = 0; i < plan.SessionsPerDay; i++)
        {
            clock.MoveTo(MonthClock.Start.AddDays(day) + Morning + ((Evening - Morning) * i / plan.SessionsPerDay));
            var tenant = TenantOf(i % plan.Tenants);
            await TalkAsync(host, tenant, string.Create(CultureInfo.InvariantCulture, $"d{day}s{i}"), cancel);
            await UseAsync(host, tenant, cancel);
            works += await DoDueAsync(host, cancel);
            dueMost = Math.Max(dueMost, (await store.CountAsync(null, cancel)).Sum(static each => each.Ready + each.Dead));
        }

        return (works, dueMost);
    }

    private async Task TalkAsync(InProcessHost host, string tenant, string session, CancellationToken cancel)
    {
        var user = string.Create(CultureInfo.InvariantCulture, $"user{talk.Below(plan.Users)}");
        foreach (var (role, content) in talk.Session(plan.TurnsPerSession))
        {
            clock.MoveTo(clock.Now.AddSeconds(5));
            var appended = await host.AppendAsync(
                new AppendCommand(new SessionKey(tenant, session), user, null, [new TurnDraft(null, role, null, content, null, null)],
                null, null), cancel);
            if (!appended.IsSuccess)
                throw new InvalidOperationException(appended.Error.Detail);
        }
    }

    // One memory in use for each session: cited, so that saliences rise as well as fall; and now and then one is pinned.
    private async Task UseAsync(InProcessHost host, string tenant, CancellationToken cancel)
    {
        citable.Clear();
        citable.AddRange((await host.Memories.ListAsync(tenant, new MemoryFilter(), null, 20, cancel))
            .Value.Items.Select(static memory => memory.Id));
        if (citable.Count > 0)
            await host.Memories.CiteAsync(tenant, citable[talk.Below(citable.Count)], cancel);
        await host.RecallAsync(new RecallQuery(tenant, "Where do I live, and what do I like?", 10, UserId: "user1"), cancel);
    }

    private static async Task<int> DoDueAsync(InProcessHost host, CancellationToken cancel)
    {
        await host.Schedule.SeedOnceAsync(cancel);
        await host.SweepAsync(cancel);
        return await host.Schedule.RunDueAsync(cancel);
    }

    private async Task CheckAsync(SqliteStore store, CancellationToken cancel)
    {
        var jobs = Math.Min(plan.Tenants, plan.SessionsPerDay) * 3;
        foreach (var backlog in await store.CountAsync(null, cancel))
        {
            Demand(backlog.Dead == 0, $"{backlog.Dead} of {backlog.Kind} are dead");
            Demand(backlog.OverdueAt(clock.Now) == TimeSpan.Zero, $"{backlog.Kind} is overdue");
            Demand(backlog.Kind != DueKinds.Distil, $"{backlog.Ready} sessions wait for their distillation");
        }

        var ready = (await store.CountAsync(null, cancel)).Sum(static each => each.Ready);
        Demand(ready == jobs, $"the schedule holds {ready} rows instead of {jobs}");
        for (var n = 0; n < plan.Tenants; n++)
        {
            var runs = await store.ListRunsAsync(TenantOf(n), cancel);
            Demand(runs.Count == 3, $"{runs.Count} of 3 jobs have run");
            Demand(runs.All(run => run.LastRunAt > clock.Now.AddDays(-1.5)), "a job has missed its day");
        }
    }

    private async Task<DayReport> ReportAsync(SqliteStore store, int day, int works, long dueMost, TimeSpan took, CancellationToken cancel)
    {
        var (saliences, statuses, tooHigh) = (new int[5], new Dictionary<string, int>(StringComparer.Ordinal), 0.0);
        for (var n = 0; n < plan.Tenants; n++)
        {
            string? cursor = null;
            do
            {
                var page = (await store.ListMemoriesAsync(TenantOf(n), new MemoryFilter(Status: null), cursor, 500, cancel)).Value;
                foreach (var memory in page.Items)
                {
                    var status = memory.Status.ToString();
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                    if (memory.Status != MemoryStatus.Active)
                        continue;
                    var salience = curve.At(memory, clock.Now);
                    saliences[Math.Min(4, (int)(salience * 5))]++;
                    tooHigh = Math.Max(tooHigh, memory.Salience.Value - salience);
                }

                cursor = page.NextCursor;
            }
            while (cursor is not null);
        }

        var rows = TableSizes.Read(path);
        return new DayReport(day + 1, rows, new FileInfo(path).Length, dueMost, rows["due"], statuses, saliences, tooHigh, works,
            Environment.WorkingSet, took);
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"At the end of the day {otherwise}.");
    }
}
