using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Memories;
using MemoryOrleans.Memory.Tests.Memories;
using MemoryOrleans.Retention;

namespace MemoryOrleans.Memory.Tests.Retention;

public sealed class RetentionPolicyTests
{
    private static readonly RetentionRules Rules = new()
    {
        ByKind = new Dictionary<string, RetentionRule> { ["fact"] =
            new() { MaxAgeDays = 30, ImportanceThreshold = 0.5, DeleteAfterDays = 10 } },
    };

    private static readonly MemoryRecord Dull = Some.Fact("m1") with { Importance = 0.2 };

    [Theory]
    [InlineData(30, RetentionDecision.Keep)]
    [InlineData(30.1, RetentionDecision.Archive)]
    public void Unimportant_memories_older_than_the_maximal_age_are_archived(double day, RetentionDecision decision) =>
        Assert.Equal(decision, RetentionPolicy.Decide(Dull, Rules, Some.Day(day)));

    [Theory]
    [InlineData(10, RetentionDecision.Keep)]
    [InlineData(10.1, RetentionDecision.Delete)]
    public void Archived_ones_are_deleted_some_days_later(double day, RetentionDecision decision) =>
        Assert.Equal(decision, RetentionPolicy.Decide(Dull with { Status = MemoryStatus.Archived }, Rules, Some.Day(day)));

    [Fact]
    public void Important_pinned_and_unnamed_memories_are_kept_for_ever()
    {
        var ever = Some.Day(100_000);
        foreach (var status in new[] { MemoryStatus.Active, MemoryStatus.Archived, MemoryStatus.Superseded, MemoryStatus.Candidate })
        {
            var dull = Dull with { Status = status };
            Assert.NotEqual(RetentionDecision.Keep, RetentionPolicy.Decide(dull, Rules, ever));
            Assert.Equal(RetentionDecision.Keep, RetentionPolicy.Decide(dull with { IsPinned = true }, Rules, ever));
            Assert.Equal(RetentionDecision.Keep, RetentionPolicy.Decide(dull with { Importance = 0.5 }, Rules, ever));
            Assert.Equal(RetentionDecision.Keep, RetentionPolicy.Decide(dull with { Kind = "reflection" }, Rules, ever));
            Assert.Equal(RetentionDecision.Keep, RetentionPolicy.Decide(dull, new RetentionRules(), ever));
        }
    }

    [Fact]
    public void What_is_retired_at_one_age_is_retired_at_every_later_one() =>
        Prop.ForAll(
            Gen.Choose(0, 100).ToArbitrary(), Gen.Choose(0, 20_000).ToArbitrary(), Gen.Choose(0, 20_000).ToArbitrary(),
            static (importance, one, other) =>
            {
                foreach (var status in Enum.GetValues<MemoryStatus>())
                {
                    var memory = Dull with { Status = status, Importance = importance / 100.0 };
                    var sooner = RetentionPolicy.Decide(memory, Rules, Some.Day(Math.Min(one, other) / 100.0));
                    var later = RetentionPolicy.Decide(memory, Rules, Some.Day(Math.Max(one, other) / 100.0));
                    Assert.True(sooner == RetentionDecision.Keep || later == sooner);
                }
            }).Check(SameCases.Quick.WithMaxTest(2_000));

    [Fact]
    public void A_tenants_rules_replace_the_general_ones_and_a_kinds_rule_the_default()
    {
        var settings = new RetentionSettings
        {
            General = new RetentionRules { Default = new RetentionRule() },
            ByTenant = new Dictionary<string, RetentionRules> { ["acme"] = Rules },
        };

        Assert.Equal(30, settings.Of("acme").Of("fact")!.MaxAgeDays);
        Assert.Null(settings.Of("acme").Of("reflection"));
        Assert.Equal(365, settings.Of("other").Of("fact")!.MaxAgeDays);
    }

    [Fact]
    public void A_dry_run_reports_what_a_run_would_do_and_asks_for_nothing()
    {
        MemoryRecord[] memories =
        [
            Dull, Dull with { Id = "m2", Status = MemoryStatus.Archived }, Dull with { Id = "m3", IsPinned = true },
            Dull with { Id = "m4", Kind = "note" },
        ];
        var run = ApplyRetention.Plan(memories, Rules, Some.Day(60), "op-1", dryRun: false);
        var dry = ApplyRetention.Plan(memories, Rules, Some.Day(60), "op-1", dryRun: true);

        Assert.Equal(new RetentionCount(1, 1, 1), dry.Report.ByKind["fact"]);
        Assert.Equal(new RetentionCount(1, 0, 0), dry.Report.ByKind["note"]);
        Assert.Equal(dry.Report.ByKind, run.Report.ByKind);
        Assert.True(dry.Report.IsDryRun);
        Assert.Empty(dry.Archivings);
        Assert.Empty(dry.Deletions);
        Assert.Equal(("m1", MemoryStatus.Archived, 2L),
            (run.Archivings[0].After.Id, run.Archivings[0].After.Status, run.Archivings[0].After.Version));
        Assert.Equal("m2", Assert.Single(run.Deletions).Id);
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        var settings = new RetentionSettings { General =
            new RetentionRules { Default = new RetentionRule { MaxAgeDays = 0, ImportanceThreshold = 2, DeleteAfterDays = -1 } } };

        Assert.Equal(
            ["MEMORY_RETENTION_MAX_AGE_DAYS", "MEMORY_RETENTION_IMPORTANCE_THRESHOLD", "MEMORY_RETENTION_DELETE_AFTER_DAYS"],
            settings.Check().Select(static error => error.Field));
    }
}
