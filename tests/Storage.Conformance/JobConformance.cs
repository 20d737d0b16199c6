using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Memories;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using Microsoft.Extensions.Time.Testing;
using static MemoryOrleans.Storage.Conformance.SampleMemories;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Journals of recurring jobs, and the jobs themselves over the store.</summary>
public abstract class JobConformance : StoreConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Day0 = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(Day0);
    private readonly string word = Guid.NewGuid().ToString("n")[..8];
    private int minted;

    private IDueStore Due => Store.Due;

    [Fact]
    public async Task A_journal_is_read_back_as_it_was_written_last_and_by_its_tenant_alone()
    {
        var now = Tick();
        var run = new JobRun("retention", now.AddDays(1))
        {
            StartedAt = now, HeartbeatAt = now.AddSeconds(1), Position = "somewhere",
                Progress = JobCounts.Of(("fact/kept", 3), ("a \"b\"/deleted", 1)),
            LastRunAt = now.AddDays(-1), LastCounts = JobCounts.Of(("fact/kept", 2)),
        };
        await Due.SaveRunAsync(Tenant, new JobRun("retention", now), default);
        await Due.SaveRunAsync(Tenant, run, default);
        await Due.SaveRunAsync(Tenant, new JobRun("decay_sweep", now), default);
        await Due.SaveRunAsync(NewTenant(), new JobRun("retention", now), default);
        await Store.ReopenAsync();

        var read = await Due.ListRunsAsync(Tenant, default);
        Assert.Equal(["decay_sweep", "retention"], read.Select(static each => each.Kind));
        Assert.Equal(run.Progress.Values, read[1].Progress.Values);
        Assert.Equal(run.LastCounts.Values, read[1].LastCounts.Values);
        Assert.Equal(run with { Progress = JobCounts.None, LastCounts = JobCounts.None },
            read[1] with { Progress = JobCounts.None, LastCounts = JobCounts.None });

        await Due.RemoveRunAsync(Tenant, "retention", default);
        Assert.Equal("decay_sweep", Assert.Single(await Due.ListRunsAsync(Tenant, default)).Kind);
    }

    [Fact]
    public async Task Of_all_tenants_the_job_that_is_most_behind_is_found()
    {
        var early = DateTimeOffset.UnixEpoch.AddSeconds(1);
        await Due.SaveRunAsync(Tenant, new JobRun("late", early), default);
        await Due.SaveRunAsync(NewTenant(), new JobRun("later", early.AddSeconds(1)), default);

        Assert.Equal(new LateJob("late", early), await Due.FindLatestAsync(default));
        await Due.RemoveRunAsync(Tenant, "late", default);
        Assert.Equal("later", (await Due.FindLatestAsync(default))!.Value.Kind);
    }

    [Fact]
    public async Task A_look_tells_of_each_kind_the_longest_overdue_and_the_dead()
    {
        var (now, kind, dying) = (Tick(), $"one{Guid.NewGuid():N}", $"two{Guid.NewGuid():N}");
        await Due.WakeAsync(Tenant, kind, "s2", now.AddSeconds(2), default);
        await Due.WakeAsync(NewTenant(), kind, "s1", now.AddSeconds(1), default);
        await Due.WakeAsync(Tenant, dying, "s", now, default);
        Assert.True(await Due.BuryAsync(Assert.Single(await Due.ClaimAsync([dying], 1, now, Lease, default)), 0, "broken", now, default));

        Assert.Equal(
            [new DueLag(kind, 0, now.AddSeconds(1)), new DueLag(dying, 1, null)],
            (await Due.PeekAsync(default)).Where(each => each.Kind == kind || each.Kind == dying));
        Assert.Equal(now.AddSeconds(2), (await Due.FindAsync(Tenant, kind, "s2", default))!.DueAt);
        Assert.Null(await Due.FindAsync(Tenant, kind, "s1", default));
    }

    [Fact]
    public async Task Tenants_that_lack_a_job_are_found_once_they_have_written()
    {
        var (kind, other) = ($"job{Guid.NewGuid():N}", NewTenant());
        Assert.DoesNotContain(Tenant, await Due.FindTenantsWithoutAsync(kind, default));
        await Script("s", "ada").AppendAsync("one");
        await Script("s2", "bob").AppendAsync("two");
        await Script("s", tenant: other).AppendAsync("one");
        await Due.WakeAsync(Tenant, kind, "a session", Tick(), default);
        Assert.Equal(2, (await Due.FindTenantsWithoutAsync(kind, default)).Count(each => each == Tenant || each == other));

        await Due.WakeAsync(Tenant, kind, string.Empty, Tick(), default);
        Assert.DoesNotContain(Tenant, await Due.FindTenantsWithoutAsync(kind, default));
        Assert.Contains(other, await Due.FindTenantsWithoutAsync(kind, default));
    }

    /// <summary>Random memories under random rules: each ends as the rules say, and what they do not name is as it was.</summary>
    [Fact]
    public async Task Retention_touches_only_what_a_rule_names_through_the_job()
    {
        const int CasesMax = 100;
        var deleted = new List<string>();
        var property = Prop.ForAll(Arb.From(Gen.Choose(0, 1_000_000)), async (int seed) =>
        {
            var random = new Random(seed);
            deleted.AddRange(await CheckRetentionAsync(NewTenant(), random, random.Next(0, 40)));
        });
        await Task.Run(() => Check.One(SameCases.Quick.WithMaxTest(CasesMax), property));

        Assert.NotEmpty(deleted);
        Assert.Empty(await Store.FindAnywhereAsync(deleted));
    }

    [Fact]
    public async Task Retention_does_on_several_pages_what_it_does_on_one() =>
        Assert.Empty(await Store.FindAnywhereAsync(await CheckRetentionAsync(Tenant, new Random(1), 230)));

    [Fact]
    public async Task A_round_goes_on_where_a_dead_process_left_it_and_comes_again_a_period_later()
    {
        await WriteAsync(new Random(5), 250);
        clock.AdjustTime(Day0.AddDays(400));
        var job = Job(new RetentionRules { Default = new RetentionRule() });
        await Due.WakeAsync(Tenant, DueKinds.Retention, string.Empty, clock.GetUtcNow(), default);
        Assert.Equal(1, await RunAsync(job));
        var (first, work) = ((await Due.ListRunsAsync(Tenant, default)).Single(),
            await Due.FindAsync(Tenant, DueKinds.Retention, string.Empty, default));
        Assert.Equal((clock.GetUtcNow(), 100L, 1L), (first.StartedAt, first.Progress.Values.Values.Sum(), work!.Cursor));
        Assert.NotNull(first.Position);

        // Claimed by one that dies: whoever comes after the lease goes on from the same place.
        Assert.Single(await Due.ClaimAsync([DueKinds.Retention], 1, clock.GetUtcNow(), Lease, default));
        Assert.Equal(0, await RunAsync(job));
        clock.Advance(Lease);
        while (await RunAsync(job) > 0)
            Assert.InRange((await Due.ListRunsAsync(Tenant, default)).Single().ExpectedAt, clock.GetUtcNow(), clock.GetUtcNow().AddDays(1));

        var last = (await Due.ListRunsAsync(Tenant, default)).Single();
        Assert.Equal((clock.GetUtcNow(), clock.GetUtcNow().AddDays(1), 250L),
            (last.LastRunAt, last.ExpectedAt, last.LastCounts.Values.Values.Sum()));
        Assert.Equal(last.ExpectedAt, (await Due.FindAsync(Tenant, DueKinds.Retention, string.Empty, default))!.DueAt);
        Assert.Null(last.Position);
    }

    [Fact]
    public async Task Without_a_rule_the_job_ends_and_leaves_nothing_behind()
    {
        await RunRoundAsync(new RetentionRules { Default = new RetentionRule() });
        Assert.Single(await Due.ListRunsAsync(Tenant, default));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await RunAsync(Job(new RetentionRules())));

        Assert.Empty(await Due.ListRunsAsync(Tenant, default));
        Assert.Null(await Due.FindAsync(Tenant, DueKinds.Retention, string.Empty, default));
    }

    [Fact]
    public async Task Idle_sessions_are_deleted_once_distilled_and_their_memories_stay()
    {
        var (idle, undistilled, busy) = (Script("idle", "ada"), Script("undistilled", "ada"), Script("busy", "ada"));
        foreach (var script in new[] { idle, undistilled, busy })
            await script.AppendAsync("one");
        var memory = new SampleMemories(Tick).New("m", "of the idle one", "ada", new SourceTurn("idle", "t", 1));
        await CommitAsync(new MemoryCommit(Tenant,
            [Write(memory)]) { Distilled = new DistilledRange((await Sessions.FindSessionAsync(idle.Key, default)).Session!, 1, 1) });
        await CommitAsync(new MemoryCommit(Tenant,
            []) { Distilled = new DistilledRange((await Sessions.FindSessionAsync(busy.Key, default)).Session!, 1, 1) });
        var updated = (await Sessions.FindSessionAsync(busy.Key, default)).Session!.UpdatedAt;
        clock.AdjustTime(updated.AddDays(30));
        var job = new SessionCleanupJob(
            Sessions, Store.Memories, Due, new UpkeepRules { SessionTtl = TimeSpan.FromDays(30) }, clock,
            async (key, version, _) => await Sessions.DeleteSessionAsync(key, version, clock.GetUtcNow()) == CommitStatus.Committed
                ? (await Sessions.FindSessionAsync(busy.Key, default)).Session!
                : new MemoryError(ErrorCode.PreconditionFailed, "It has changed."));
        await Due.WakeAsync(Tenant, DueKinds.SessionCleanup, string.Empty, clock.GetUtcNow(), default);
        Assert.Equal(1, await RunAsync(job));

        Assert.Null((await Sessions.FindSessionAsync(idle.Key, default)).Session);
        Assert.NotNull((await Sessions.FindSessionAsync(undistilled.Key, default)).Session);
        Assert.NotNull((await Sessions.FindSessionAsync(busy.Key, default)).Session);
        Assert.NotNull(await Due.FindAsync(Tenant, DueKinds.Distil, "undistilled", default));
        Assert.Equal(Say(memory), Say(await Store.Memories.FindMemoryAsync(Tenant, "m", default)));
        Assert.Equal(1, (await Due.ListRunsAsync(Tenant, default)).Single().LastCounts.Values["deleted"]);
    }

    [Fact]
    public async Task Fallen_saliences_are_written_down_as_the_curve_has_them_and_pinned_ones_are_not()
    {
        var some = new SampleMemories(() => Day0);
        var curve = new SalienceCurve(new SalienceRules());
        MemoryRecord[] all = [some.Plain("falls", "a"), some.New("pinned", "b"),
            some.Plain("small", "c") with { Salience = new Salience(0.04, Day0) }];
        await CommitAsync(new MemoryCommit(Tenant, [.. all.Select(static memory => Write(memory))]));
        clock.AdjustTime(Day0.AddDays(180));
        var job = new DecaySweepJob(Store.Memories, Due, curve, new UpkeepRules(), clock);
        await Due.WakeAsync(Tenant, DueKinds.DecaySweep, string.Empty, clock.GetUtcNow(), default);
        Assert.Equal(1, await RunAsync(job));

        var fallen = (await Store.Memories.FindMemoryAsync(Tenant, "falls", default))!;
        Assert.Equal(clock.GetUtcNow() - DecaySweepJob.Lag, fallen.Salience.At);
        Assert.Equal(curve.At(all[0], Day0.AddDays(300)), curve.At(fallen, Day0.AddDays(300)), 9);
        Assert.Equal(1, fallen.Version);
        foreach (var same in all[1..])
            Assert.Equal(Say(same), Say(await Store.Memories.FindMemoryAsync(Tenant, same.Id, default)));
    }

    /// <summary>Runs one round over random memories under random rules; the contents that are deleted by it.</summary>
    private async Task<IReadOnlyList<string>> CheckRetentionAsync(string tenant, Random random, int count)
    {
        RetentionRule? Rule() => random.Next(2) == 0 ? null : new()
        {
            MaxAgeDays = random.Next(1, 400), ImportanceThreshold = random.Next(0, 11) / 10.0, DeleteAfterDays = random.Next(0, 400),
        };
        var named = new[] { "fact", "note" }.Select(kind => (kind, rule: Rule())).Where(static each => each.rule is not null);
        var rules = new RetentionRules { Default = Rule(),
            ByKind = named.ToDictionary(static each => each.kind, static each => each.rule!) };
        var before = await WriteAsync(random, count, tenant);
        clock.AdjustTime(Day0.AddDays(400));
        await RunRoundAsync(rules, tenant);

        var (archived, deleted) = (0, new List<string>());
        foreach (var memory in before)
        {
            var after = (await Store.Memories.FindMemoryAsync(tenant, memory.Id, default))!;
            var age = (clock.GetUtcNow() - memory.RecordedAt).TotalDays;
            var wasArchived = memory.Status == MemoryStatus.Archived;
            var isNamed = (rules.ByKind.GetValueOrDefault(memory.Kind) ?? rules.Default) is { } rule && !memory.IsPinned
                && memory.Importance < rule.ImportanceThreshold && age > (wasArchived ? rule.DeleteAfterDays : rule.MaxAgeDays);
            if (!isNamed)
                Assert.Equal(Say(memory), Say(after));
            else
                Assert.Equal((wasArchived ? MemoryStatus.Erased : MemoryStatus.Archived, memory.Version + 1),
                    (after.Status, after.Version));
            archived += isNamed && !wasArchived ? 1 : 0;
            if (isNamed && wasArchived)
                deleted.Add(memory.Content);
        }

        if (rules.Default is not null || rules.ByKind.Count > 0)
        {
            var report = RetentionCounts.Read((await Due.ListRunsAsync(tenant, default)).Single().LastCounts);
            Assert.Equal((archived, deleted.Count, count),
                (report.Archived, report.Deleted, report.ByKind.Values.Sum(static each => each.Kept) + report.Archived + report.Deleted));
        }

        return deleted;
    }

    private async Task<IReadOnlyList<MemoryRecord>> WriteAsync(Random random, int count, string? tenant = null)
    {
        var some = new SampleMemories(() => clock.GetUtcNow());
        var written = new List<MemoryRecord>();
        for (var i = 0; i < count; i++)
        {
            clock.AdjustTime(Day0.AddDays(random.Next(0, 399)));
            written.Add(some.Plain($"m{i}", $"secret{word}{tenant}.{i}x", random.Next(2) == 0 ? "ada" : null) with
            {
                Kind = random.Next(3) switch { 0 => "fact", 1 => "note", _ => "reflection" },
                Importance = random.Next(0, 10) / 10.0,
                IsPinned = random.Next(5) == 0,
                Status = random.Next(4) switch { 0 => MemoryStatus.Archived, 1 => MemoryStatus.Superseded, 2 => MemoryStatus.Candidate,
                _ => MemoryStatus.Active },
            });
        }

        foreach (var part in written.Chunk(50))
            await CommitAsync(new MemoryCommit(tenant ?? Tenant, [.. part.Select(static memory => Write(memory))]));
        return written;
    }

    private RetentionJob Job(RetentionRules rules, string? tenant = null) => new(
        new RetentionRunner(Store.Memories, Store.Erasures, clock, () => $"op{++minted}"), Due,
        new UpkeepRules { Retention =
        new RetentionSettings { ByTenant = new Dictionary<string, RetentionRules> { [tenant ?? Tenant] = rules } } }, clock);

    private async Task RunRoundAsync(RetentionRules rules, string? tenant = null)
    {
        await Due.WakeAsync(tenant ?? Tenant, DueKinds.Retention, string.Empty, clock.GetUtcNow(), default);
        while (await RunAsync(Job(rules, tenant)) > 0)
        {
        }
    }

    private async Task<int> RunAsync(RecurringJob job)
    {
        var run = new DueWorkRunner(Due, clock, static () => 0, new DueLimits { Lease = Lease },
            static (_, failure, _) => throw new InvalidOperationException(failure.Reason));
        return (await run.RunAsync(job, 0, default)).Claimed;
    }

    private async Task CommitAsync(MemoryCommit commit) =>
        Assert.Equal(CommitStatus.Committed, await Store.Memories.CommitMemoriesAsync(commit, default));
}
