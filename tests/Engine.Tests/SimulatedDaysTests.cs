using MemoryOrleans.Bench.Month;
using MemoryOrleans.Models;

namespace MemoryOrleans.Engine.Tests;

/// <summary>
/// The simulated month of <c>bench/month</c>, in short. What is due and left undone, dead or too much ends it with an exception.
/// </summary>
public sealed class SimulatedDaysTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-days-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Three_days_of_sessions_leave_nothing_undone_and_a_schedule_as_small_as_before()
    {
        var days = new List<DayReport>();
        var plan = new MonthPlan(Days: 3, SessionsPerDay: 20);
        await new SimulateMonth(plan, Path.Combine(folder.FullName, "memory.db"), new StaticEmbedder())
            .RunAsync(days.Add, CancellationToken.None);

        Assert.Equal([6L, 6L, 6L], days.Select(static day => day.DueLeft));
        Assert.Equal([6L, 6L, 6L], days.Select(static day => day.Rows["job_runs"]));
        Assert.Equal([120L, 240L, 360L], days.Select(static day => day.Rows["turns"]));
        Assert.All(days, static day => Assert.True(day.Saliences.Sum() > 0));
        Assert.InRange(days.Max(static day => day.DueMost), 7, 6 + 20);
        Assert.InRange(days.Max(static day => day.StoredTooHigh), 0, 0.1);
    }

    [Fact]
    public async Task What_is_old_enough_is_archived_then_erased_and_old_sessions_go()
    {
        var days = new List<DayReport>();
        var plan = new MonthPlan(Days: 17, SessionsPerDay: 4, Users: 2, Tenants: 1);
        await new SimulateMonth(plan, Path.Combine(folder.FullName, "memory.db"), new StaticEmbedder())
            .RunAsync(days.Add, CancellationToken.None);

        Assert.True(days[9].Statuses["Archived"] > 0);
        Assert.False(days[9].Statuses.ContainsKey("Erased"));
        Assert.True(days[16].Statuses["Erased"] > 0);
        Assert.Equal((40L, 0L), (days[9].Rows["sessions"], days[9].Rows["tombstones"]));
        Assert.Equal(68, days[16].Rows["sessions"] + days[16].Rows["tombstones"]);
        Assert.InRange(days[16].Rows["tombstones"], 4, 12);
    }
}
