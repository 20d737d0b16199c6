using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Bench.Month;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Retention;

namespace MemoryOrleans.Engine.Tests;

public sealed class RetentionRecallTests
{
    private const string Tenant = "acme";

    private static readonly EngineOptions Options = new()
    {
        Upkeep = new UpkeepRules
        {
            Retention = new RetentionSettings { General =
                new RetentionRules { Default = new RetentionRule { MaxAgeDays = 7, ImportanceThreshold = 0.5, DeleteAfterDays = 7 } } },
        },
    };

    [Fact]
    public async Task What_retention_archives_is_recalled_only_when_asked_for_and_what_it_deletes_never()
    {
        var clock = new MonthClock();
        await using var running = await EngineOnSqlite.StartAsync(Options, clock);
        var host = running.Embedded;
        var dull = await WriteAsync(host, "The kettle in the kitchen is blue.", pinned: false);
        var pinned = await WriteAsync(host, "The kettle in the cellar is red.", pinned: true);
        clock.MoveTo(MonthClock.Start.AddDays(8));
        Assert.Equal(1, (await host.Upkeep.ApplyRetentionAsync(Tenant, dryRun: true, rules: null, CancellationToken.None)).Report.Archived);
        Assert.Equal([dull, pinned], await RecallAsync(host, archived: false));

        Assert.Equal(1, (await host.Upkeep.ApplyRetentionAsync(Tenant, dryRun: false, rules: null, CancellationToken.None))
            .Report.Archived);
        Assert.Equal([pinned], await RecallAsync(host, archived: false));
        Assert.Equal([dull, pinned], await RecallAsync(host, archived: true));

        clock.MoveTo(MonthClock.Start.AddDays(16));
        Assert.Equal(1, (await host.Upkeep.ApplyRetentionAsync(Tenant, dryRun: false, rules: null, CancellationToken.None)).Report.Deleted);
        Assert.Equal([pinned], await RecallAsync(host, archived: true));
        Assert.Equal(MemoryStatus.Erased, (await running.Store.FindMemoryAsync(Tenant, dull, CancellationToken.None))!.Status);
    }

    private static async Task<string> WriteAsync(InProcessHost host, string content, bool pinned)
    {
        var draft = new MemoryDraft("note", content, new MemoryOwner("ada")) { Importance = 0.2, IsPinned = pinned };
        return (await host.Memories.WriteAsync(Tenant, draft, [], CancellationToken.None)).Value.Id;
    }

    private static async Task<IEnumerable<string>> RecallAsync(InProcessHost host, bool archived)
    {
        var query = new RecallQuery(Tenant, "Which colour has the kettle?", 10, UserId: "ada") { WithArchived = archived };
        return (await host.RecallAsync(query, CancellationToken.None)).Value.Items.Select(static item => item.Id)
            .Order(StringComparer.Ordinal);
    }
}
