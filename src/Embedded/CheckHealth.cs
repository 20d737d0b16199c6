using System.Globalization;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Embedded;

/// <summary>
/// How each part is, just now. A neural embedder that is away, and work that does not get done, make the whole degraded but
/// do not keep requests out: appends and recall go on without them.
/// </summary>
internal sealed class CheckHealth(ITenantStore tenants, RecallIndex index, IEmbedder embedder, MemorySchedule schedule, TimeProvider clock, TimeSpan overdueMax)
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
        CheckSchedule(),
    ];

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

    // Kinds that no handler of this process does are another's to do.
    private ComponentHealth CheckSchedule()
    {
        var own = schedule.Book.Backlog.Where(each => schedule.Does(each.Kind)).ToArray();
        var dead = own.Sum(static each => each.Dead);
        var overdue = own.Select(each => each.OverdueAt(clock.GetUtcNow())).DefaultIfEmpty(TimeSpan.Zero).Max();
        var detail = string.Create(CultureInfo.InvariantCulture, $"{own.Sum(static each => each.Ready)} ready, {dead} dead, oldest overdue by {overdue.TotalSeconds:0.#} s");
        return new ComponentHealth("schedule", dead == 0 && overdue <= overdueMax, TimeSpan.Zero, detail) { IsEssential = false };
    }

    private static string Name(EmbedderCondition condition) => condition switch
    {
        EmbedderCondition.Answering => "answering",
        EmbedderCondition.Failing => "failing",
        EmbedderCondition.LeftAlone => "left alone",
        _ => "not asked yet",
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
            return new ComponentHealth(name, Healthy: false, clock.GetElapsedTime(started), failure.Message);
        }
    }
}
