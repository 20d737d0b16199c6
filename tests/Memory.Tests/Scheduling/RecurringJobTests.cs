using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Memory.Tests.Scheduling;

public sealed class RecurringJobTests
{
    private readonly FakeClock clock = new();
    private readonly InMemoryDueStore store = new() { Tenants = ["acme", "bolt", "unwanted"] };
    private readonly PagedJob job;
    private readonly DueWorkRunner run;

    public RecurringJobTests()
    {
        job = new PagedJob(store, clock);
        run = new DueWorkRunner(store, clock, static () => 0, new DueLimits());
    }

    [Fact]
    public async Task Tenants_get_the_jobs_they_want_once()
    {
        var seed = new SeedJobs(store, [job], clock);
        Assert.Equal(2, await seed.RunAsync(default));
        Assert.Equal(0, await seed.RunAsync(default));
        store.Tenants = [.. store.Tenants, "late"];
        Assert.Equal(1, await seed.RunAsync(default));

        Assert.Equal([("acme", "paged", ""), ("bolt", "paged", ""), ("late", "paged", "")],
            store.Works.Select(static work => (work.Tenant, work.Kind, work.Subject)));
    }

    [Fact]
    public async Task Pages_of_tenants_take_turns_and_rounds_come_a_period_after_each_other()
    {
        await new SeedJobs(store, [job], clock).RunAsync(default);
        await RunAllAsync();
        Assert.Equal(["acme", "bolt", "acme", "bolt", "acme", "bolt"], job.Pages.Select(static page => page.Tenant));
        Assert.Equal([null, "1", "2"], job.Pages.Where(static page => page.Tenant == "acme").Select(static page => page.Position));

        clock.Advance(job.Period - TimeSpan.FromMinutes(1));
        await RunAllAsync();
        Assert.Equal(6, job.Pages.Count);
        clock.Advance(TimeSpan.FromMinutes(1));
        await RunAllAsync();
        Assert.Equal(12, job.Pages.Count);
        Assert.Equal(3, (await store.ListRunsAsync("acme", default)).Single().LastCounts.Values["pages"]);
    }

    [Fact]
    public async Task A_page_that_fails_is_tried_again_from_the_same_place_and_the_journal_shows_that_the_job_is_behind()
    {
        await new SeedJobs(store, [job], clock).RunAsync(default);
        await run.RunAsync(job, 0, default);
        var behind = clock.GetUtcNow();
        job.IsFailing = true;
        for (var i = 0; i < 5; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(10));
            await run.RunAsync(job, 0, default);
            await run.RunAsync(job, 0, default);
        }

        Assert.Equal(behind, (await store.ListRunsAsync("acme", default)).Single().ExpectedAt);
        Assert.Equal(behind, (await store.FindLatestAsync(default))!.Value.ExpectedAt);
        job.IsFailing = false;
        clock.Advance(TimeSpan.FromMinutes(10));
        await RunAllAsync();
        Assert.Equal([null, "1", "2"], job.Pages.Where(static page => page.Tenant == "acme").Select(static page => page.Position));
        Assert.InRange((await store.FindLatestAsync(default))!.Value.ExpectedAt, clock.GetUtcNow() + job.Period - TimeSpan.FromSeconds(1),
            clock.GetUtcNow() + job.Period);
    }

    [Fact]
    public async Task A_job_that_is_no_longer_wanted_ends_and_takes_its_journal_along()
    {
        await new SeedJobs(store, [job], clock).RunAsync(default);
        await RunAllAsync();
        job.IsUnwanted = true;
        clock.Advance(job.Period);
        await RunAllAsync();

        Assert.Empty(store.Works);
        Assert.Null(await store.FindLatestAsync(default));
    }

    private async Task RunAllAsync()
    {
        while ((await run.RunAsync(job, 0, default)).Claimed > 0)
        {
        }
    }

    /// <summary>Rounds of three pages, each of a millisecond.</summary>
    private sealed class PagedJob(IJobStore runs, FakeClock clock) : RecurringJob(runs, clock)
    {
        private readonly FakeClock clock = clock;

        public List<(string Tenant, string? Position)> Pages { get; } = [];

        public bool IsFailing { get; set; }

        public bool IsUnwanted { get; set; }

        public override string KindPrefix => "paged";

        public override TimeSpan Period => TimeSpan.FromHours(5);

        public override bool IsWanted(string tenant) => !IsUnwanted && tenant != "unwanted";

        protected override Task<JobStep> RunPageAsync(
            string tenant, string? position, DateTimeOffset roundStartedAt, CancellationToken cancel)
        {
            if (IsFailing)
                throw new StoreUnavailableException("The store is away.");
            clock.Advance(TimeSpan.FromMilliseconds(1));
            Pages.Add((tenant, position));
            return Task.FromResult(new JobStep(position switch { null => "1", "1" => "2", _ => null }, JobCounts.Of(("pages", 1))));
        }
    }
}
