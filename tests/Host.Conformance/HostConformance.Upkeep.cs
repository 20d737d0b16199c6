using MemoryOrleans.Memories;
using MemoryOrleans.Retention;

namespace MemoryOrleans.Host.Conformance;

public abstract partial class HostConformance
{
    [Fact]
    public async Task A_dry_run_of_retention_counts_by_kind_for_its_tenant_alone_and_changes_nothing()
    {
        var rules = new RetentionRules { ByKind =
            new Dictionary<string, RetentionRule> { ["note"] = new() { MaxAgeDays = 1, ImportanceThreshold = 1 } } };
        foreach (var kind in new[] { "note", "note", "plan" })
            Assert.True((await Host.Memories.WriteAsync(Tenant, new MemoryDraft(kind, "something", MemoryOwner.Tenant), [], default))
                .IsSuccess);
        await Host.Memories.WriteAsync("other", new MemoryDraft("note", "theirs", MemoryOwner.Tenant), [], default);

        var result = await Host.Upkeep.ApplyRetentionAsync(Tenant, dryRun: true, rules, default);
        Assert.True(result is { IsComplete: true, Report.IsDryRun: true });
        Assert.Equal((new RetentionCount(2, 0, 0), new RetentionCount(1, 0, 0)),
            (result.Report.ByKind["note"], result.Report.ByKind["plan"]));
        Assert.Null(Host.Upkeep.RulesOf(Tenant).Default);
        Assert.All((await Host.Memories.ListAsync(Tenant, new MemoryFilter(), null, 10, default)).Value.Items,
            static memory => Assert.Equal(1, memory.Version));
    }

    [Fact]
    public async Task Recurring_jobs_that_are_wanted_are_listed_before_and_after_they_first_ran()
    {
        Assert.Equal("decay_sweep", Assert.Single(await Host.Upkeep.ListJobsAsync(Tenant, default)).Kind);
        await AppendAsync("s", Say("hello"));
        await RestartAsync();
        await Eventually.HoldsAsync(async () => (await Host.Upkeep.ListJobsAsync(Tenant, default)).Single().Run?.LastRunAt is not null);
    }
}
