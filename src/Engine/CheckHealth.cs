using System.Globalization;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Engine;

/// <summary>
/// How each part is, just now. A neural embedder that is away, and work that does not get done, make the whole degraded but
/// do not keep requests out: appends and recall go on without them.
/// </summary>
internal sealed class CheckHealth(
    ITenantStore tenants, IJobStore jobs, RecallIndex index, IEmbedder embedder, MemorySchedule schedule, TimeProvider clock,
    TimeSpan overdueMax)
{
    public async Task<IReadOnlyList<ComponentHealth>> RunAsync(CancellationToken cancel) =>
    [
        await CheckAsync("store", async () =>
        {
            await tenants.ProbeAsync(cancel);
            return "reads and writes";
        }),
        await CheckAsync("index", () =>
        {
            var size = index.Size;
            return Task.FromResult($"{size.Partitions} partitions, {size.Turns} turns, {size.Bytes / 1024 / 1024} MiB");
        }),
        WithNeural(await CheckAsync("embedder", () =>
        {
            var vector = new float[embedder.Dimensions];
            return embedder.TryEmbed("a health check", vector)
                ? Task.FromResult($"{embedder.ModelId}, {embedder.Dimensions} dimensions")
                : throw new InvalidOperationException($"{embedder.ModelId} knows none of its probe's words");
        })),
        await CheckScheduleAsync(cancel),
        .. await CheckDatabasesAsync(cancel),
    ];

    // Of several databases each has a part; one that is away stops its own tenants only, so none is essential.
    private async Task<IEnumerable<ComponentHealth>> CheckDatabasesAsync(CancellationToken cancel)
    {
        if (tenants is not IDatabaseOperations several)
            return [];
        var started = clock.GetTimestamp();
        var databases = await several.ListDatabasesAsync(cancel);
        return databases.Select(each => new ComponentHealth(
            $"database:{each.Name}", each.Fault is null, clock.GetElapsedTime(started), each.Fault
            ?? $"{each.Tenants} tenants, {each.Bytes / 1024 / 1024} MiB")
        {
            IsEssential = false,
        });
    }

    private ComponentHealth WithNeural(ComponentHealth own)
    {
        if (schedule.Embedder is not { } neural || !own.Healthy)
            return own;
        var state = neural.State;
        var isWell = state.Condition is EmbedderCondition.Answering or EmbedderCondition.Unknown && schedule.OpeningError is null;
        var space = schedule.Book.Active is { } active ? $"recall asks {active.Model} (space {active.Id})" : "recall asks no space yet";
        var why = state.Reason ?? schedule.OpeningError;
        return own with
        {
            Healthy = isWell,
            IsEssential = false,
            Detail = $"{own.Detail}; neural {neural.Model}: {Name(state.Condition)}{(why is null ? string.Empty : $" ({why})")}; {space}",
        };
    }

    private async Task<ComponentHealth> CheckScheduleAsync(CancellationToken cancel)
    {
        var late = TimeSpan.Zero;
        var own = await CheckAsync("schedule", async () =>
        {
            var (delay, detail) = Describe(await jobs.FindLatestAsync(cancel));
            late = delay;
            return detail;
        });
        return own with { Healthy = own.Healthy && late <= overdueMax
            && schedule.Book.Backlog.All(each => each.Dead == 0 || !schedule.Does(each.Kind)), IsEssential = false };
    }

    // Kinds that no handler of this process does are another's to do. A job that fails again and again is never overdue in the
    // schedule, since it is put off each time; its journal tells.
    private (TimeSpan Late, string Detail) Describe(LateJob? latest)
    {
        var now = clock.GetUtcNow();
        var own = schedule.Book.Backlog.Where(each => schedule.Does(each.Kind)).ToArray();
        var overdue = own.Select(each => each.OverdueAt(now)).DefaultIfEmpty(TimeSpan.Zero).Max();
        var detail = string.Create(
            CultureInfo.InvariantCulture,
            $"{own.Sum(static each => each.Ready)} ready, {own.Sum(static each => each.Dead)} dead, oldest overdue by "
            + $"{overdue.TotalSeconds:0.#} s");
        if (latest is not { } job || job.ExpectedAt + overdueMax >= now)
            return (overdue, detail);
        var behind = now - job.ExpectedAt;
        return (overdue > behind ? overdue : behind,
            string.Create(CultureInfo.InvariantCulture, $"{detail}; a job {job.Kind} is behind by {behind.TotalSeconds:0} s"));
    }

    private static string Name(EmbedderCondition condition) => condition switch
    {
        EmbedderCondition.Answering => "answering",
        EmbedderCondition.Failing => "failing",
        EmbedderCondition.LeftAlone => "left alone",
        _ => "not asked yet",
    };

    /// <summary>What does not pass by itself.</summary>
    private static string? FaultOf(Exception failure) => failure switch
    {
        StoreCorruptException => "corrupt",
        StoreLostException => "lost",
        _ => null,
    };

    // A health check is a boundary: whatever a component throws is its answer.
    private async Task<ComponentHealth> CheckAsync(string name, Func<Task<string>> check)
    {
        var started = clock.GetTimestamp();
        try
        {
            var detail = await check();
            return new ComponentHealth(name, Healthy: true, clock.GetElapsedTime(started), detail);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            var fault = FaultOf(failure);
            var detail = fault is null ? failure.Message : $"{fault}: {failure.Message}";
            var part = new ComponentHealth(name, Healthy: false, clock.GetElapsedTime(started), detail);
            return fault is null ? part : part with { Fault = $"is {fault}" };
        }
    }
}
