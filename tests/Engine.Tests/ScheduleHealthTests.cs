using MemoryOrleans.Hosting;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Engine.Tests;

public sealed class ScheduleHealthTests
{
    [Fact]
    public async Task A_job_of_any_tenant_that_is_behind_makes_the_schedule_unhealthy_but_keeps_no_request_out()
    {
        await using var running = await EngineOnSqlite.StartAsync();
        await running.Store.SaveRunAsync("acme", new JobRun("retention", TimeProvider.System.GetUtcNow().AddMinutes(-4)),
            CancellationToken.None);
        Assert.True((await ScheduleAsync(running.Host)).Healthy);

        await running.Store.SaveRunAsync("acme", new JobRun("retention", TimeProvider.System.GetUtcNow().AddMinutes(-6)),
            CancellationToken.None);
        var late = await ScheduleAsync(running.Host);
        Assert.Equal((false, false), (late.Healthy, late.IsEssential));
        Assert.Contains("a job retention is behind by", late.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("acme", late.Detail, StringComparison.Ordinal);
    }

    private static async Task<ComponentHealth> ScheduleAsync(IMemoryHost host) =>
        (await host.Operations.CheckHealthAsync(CancellationToken.None)).Single(static part => part.Name == "schedule");
}
