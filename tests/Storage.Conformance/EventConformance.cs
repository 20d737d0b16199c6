using MemoryOrleans.Events;
using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using static MemoryOrleans.Storage.Conformance.SampleMemories;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Events are written by the commits they tell of, and with them what is to be delivered; webhooks; what is removed.</summary>
public abstract class EventConformance : StoreConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly EventFilter All = new([.. EventKinds.All, EventKinds.WebhookTest]);

    private SampleMemories Sample => new(Tick);

    private IEventStore Events => Store.Events;

    [Fact]
    public async Task A_memory_is_told_of_when_it_is_made_superseded_and_erased_and_by_nothing_else()
    {
        var bread = Sample.New("bread", "Rye.");
        var candidate = Sample.New("maybe", "Spelt.", userId: null) with { Status = MemoryStatus.Candidate };
        await CommitAsync(Write(bread), Write(candidate));
        bread = Sample.Next(bread, "Rye bread.");
        await CommitAsync(Write(bread));
        bread = Sample.Next(bread, status: MemoryStatus.Superseded) with { SupersededBy = "maybe" };
        candidate = Sample.Next(candidate, status: MemoryStatus.Active);
        await CommitAsync(Write(bread), Write(candidate));
        var erased = Sample.Next(bread, string.Empty, MemoryStatus.Erased)
            with { Claim = null, Topics = [], Entities = [], Aliases = [], Metadata = null };
        Assert.Equal(CommitStatus.Committed, await Store.Erasures.RedactMemoryAsync(Tenant, Write(erased), [], default));
        await Store.ReopenAsync();

        var told = await Events.ReadEventsAsync(Tenant, 0, All, 100, default);
        Assert.Equal([1L, 2, 3, 4], told.Select(static each => each.Seq));
        Assert.Equal(["memory.made bread 1", "memory.erased bread 4"], new[] { told[0], told[3] }.Select(Say));
        Assert.Equal(
            ["memory.made maybe 2", "memory.superseded bread 3"],
            told.Skip(1).Take(2).Select(Say).Order(StringComparer.Ordinal));
        Assert.Equal("maybe", Assert.Single(told, static each => each.Kind == EventKinds.MemorySuperseded).Other);
        Assert.Equal(("fact", "ada", "agent", "session"), (told[0].SubjectKind, told[0].UserId, told[0].AgentId, told[0].SessionId));
        Assert.Null(Assert.Single(told, static each => each.Subject == "maybe").UserId);
        Assert.Empty(await Events.ReadEventsAsync(NewTenant(), 0, All, 100, default));
    }

    [Fact]
    public async Task A_stale_commit_and_one_that_only_moves_memories_here_tell_nothing()
    {
        var bread = Sample.New("bread", "Rye.");
        Assert.Equal(CommitStatus.Committed,
            await Store.Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [Write(bread)]) { IsTold = false }, default));
        Assert.Equal(CommitStatus.Stale,
            await Store.Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [Write(Sample.New("oats", "Oats.")), Write(bread)]),
            default));
        Assert.Empty(await Events.ReadEventsAsync(Tenant, 0, All, 100, default));
        Assert.Equal(new EventBounds(1, 0), await Events.FindEventBoundsAsync(Tenant, default));

        await CommitAsync(Write(Sample.New("oats", "Oats.")));
        Assert.Equal(["memory.made oats 1"], (await Events.ReadEventsAsync(Tenant, 0, All, 100, default)).Select(Say));
    }

    [Fact]
    public async Task A_distillation_and_a_death_are_told_of_with_what_they_are_about()
    {
        var script = Script("talk", "ada", "helper");
        await script.AppendAsync("One.", "Two.", "Three.");
        var commit = new MemoryCommit(Tenant, []) { Distilled = new DistilledRange(script.Session!, 1, 2) };
        Assert.Equal(CommitStatus.Committed, await Store.Memories.CommitMemoriesAsync(commit, default));

        var kind = $"work{Guid.NewGuid():N}";
        var now = Tick();
        await Store.Due.WakeAsync(Tenant, kind, "talk", now, default);
        var work = Assert.Single(await Store.Due.ClaimAsync([kind], 1, now, Lease, default));
        Assert.True(await Store.Due.BuryAsync(work, 0, "broken", now, default));

        var told = await Events.ReadEventsAsync(Tenant, 0, All, 100, default);
        Assert.Equal(["session.distilled talk 2", $"job.dead {work.Id} 1"], told.Select(Say));
        Assert.Equal(("ada", "helper", "talk"), (told[0].UserId, told[0].AgentId, told[0].SessionId));
        Assert.Equal((kind, "talk", now), (told[1].SubjectKind, told[1].Other, told[1].At));
    }

    [Fact]
    public async Task With_an_event_its_deliveries_and_their_work_are_there_for_those_who_chose_it()
    {
        var (made, both) = (Hook("made", EventKinds.MemoryMade), Hook("both", EventKinds.MemoryMade, EventKinds.JobDead));
        foreach (var hook in new[] { made, both, Hook("dead", EventKinds.JobDead),
            Hook("off", EventKinds.MemoryMade) with { IsEnabled = false } })
            Assert.True(await Events.AddWebhookAsync(Tenant, hook, 10, default));
        var elsewhere = NewTenant();
        Assert.True(await Events.AddWebhookAsync(elsewhere, made, 10, default));
        await CommitAsync(Write(Sample.New("bread", "Rye.")));

        var works = (await Store.Due.ListAsync(Tenant, null, DueKinds.Webhook, null, 10, default)).Value.Items;
        Assert.Equal(["both-1", "made-1"], works.Select(static work => work.Subject).Order(StringComparer.Ordinal));
        Assert.Empty((await Store.Due.ListAsync(elsewhere, null, DueKinds.Webhook, null, 10, default)).Value.Items);
        var delivery = (await Events.FindDeliveryAsync(Tenant, "made", 1, default))!;
        Assert.Equal((DeliveryState.Pending, 0, "bread", "made-1"),
            (delivery.State, delivery.Attempts, delivery.Event.Subject, delivery.Id));
        Assert.Null(await Events.FindDeliveryAsync(Tenant, "dead", 1, default));
        Assert.Null(await Events.FindDeliveryAsync(elsewhere, "made", 1, default));

        var tried = delivery with { State = DeliveryState.Dead, Attempts = 3, LastStatus = 500, LastError = "The receiver answered 500.",
            LastAt = Tick() };
        await Events.SaveDeliveryAsync(Tenant, tried, default);
        await Store.ReopenAsync();
        Assert.Equal(tried, await Events.FindDeliveryAsync(Tenant, "made", 1, default));
        await Events.SaveDeliveryAsync(Tenant, delivery, default);
        Assert.Equal(delivery, Assert.Single(await Events.ListDeliveriesAsync(Tenant, "made", long.MaxValue, 10, default)));
    }

    [Fact]
    public async Task A_delivery_that_dies_tells_of_itself_to_nobody()
    {
        Assert.True(await Events.AddWebhookAsync(Tenant, Hook("dead", EventKinds.JobDead), 10, default));
        var told = (await Events.TestWebhookAsync(Tenant, "dead", Tick(), default))!;
        var work = (await Store.Due.FindAsync(Tenant, DueKinds.Webhook, "dead-1", default))!;
        Assert.Equal(1, told.Seq);
        Assert.True(await Store.Due.BuryAsync(work, 0, "broken", Tick(), default));
        Assert.Equal(EventKinds.WebhookTest, Assert.Single(await Events.ReadEventsAsync(Tenant, 0, All, 100, default)).Kind);
    }

    [Fact]
    public async Task A_test_goes_to_its_webhook_alone()
    {
        foreach (var id in new[] { "one", "two" })
            Assert.True(await Events.AddWebhookAsync(Tenant, Hook(id, EventKinds.MemoryMade), 10, default));
        var now = Tick();
        Assert.Equal(new MemoryEvent(1, EventKinds.WebhookTest, now, "two"), await Events.TestWebhookAsync(Tenant, "two", now, default));
        Assert.Null(await Events.TestWebhookAsync(Tenant, "three", now, default));
        Assert.Null(await Events.FindDeliveryAsync(Tenant, "one", 1, default));
        Assert.Equal("two-1", (await Events.FindDeliveryAsync(Tenant, "two", 1, default))!.Id);
    }

    [Fact]
    public async Task Webhooks_are_kept_changed_by_version_bounded_and_removed_with_what_is_under_way()
    {
        var hook = Hook("hook", EventKinds.MemoryMade)
            with { Name = "Ä", IncludesContent = true, RotatedAt = Tick(), Previous = [9], PreviousUntil = Tick() };
        Assert.True(await Events.AddWebhookAsync(Tenant, hook, 2, default));
        Assert.True(await Events.AddWebhookAsync(Tenant, Hook("more", EventKinds.JobDead), 2, default));
        Assert.False(await Events.AddWebhookAsync(Tenant, Hook("most", EventKinds.JobDead), 2, default));
        await Store.ReopenAsync();
        Assert.Equal(WebhookColumn.Of(hook), WebhookColumn.Of((await Events.FindWebhookAsync(Tenant, "hook", default))!));
        Assert.Null(await Events.FindWebhookAsync(NewTenant(), "hook", default));
        Assert.Equal(["hook", "more"], (await Events.ListWebhooksAsync(Tenant, default)).Select(static each => each.Id));

        await CommitAsync(Write(Sample.New("bread", "Rye.")));
        var off = hook with { Version = 2, IsEnabled = false };
        Assert.True(await Events.ChangeWebhookAsync(Tenant, off, default));
        Assert.False(await Events.ChangeWebhookAsync(Tenant, off, default));
        await CommitAsync(Write(Sample.New("oats", "Oats.")));
        Assert.Single(await Events.ListDeliveriesAsync(Tenant, "hook", long.MaxValue, 10, default));

        Assert.True(await Events.RemoveWebhookAsync(Tenant, "hook", default));
        Assert.False(await Events.RemoveWebhookAsync(Tenant, "hook", default));
        Assert.Empty((await Store.Due.ListAsync(Tenant, null, DueKinds.Webhook, null, 10, default)).Value.Items);
        Assert.Empty(await Events.ListDeliveriesAsync(Tenant, "hook", long.MaxValue, 10, default));
        Assert.Equal("more", Assert.Single(await Events.ListWebhooksAsync(Tenant, default)).Id);
    }

    [Fact]
    public async Task Old_events_go_with_their_deliveries_and_the_count_goes_on()
    {
        Assert.True(await Events.AddWebhookAsync(Tenant, Hook("hook", EventKinds.JobDead), 10, default));
        var old = new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await Events.TestWebhookAsync(Tenant, "hook", old, default);
        await Events.TestWebhookAsync(Tenant, "hook", old.AddSeconds(2), default);
        Assert.True(await Events.RemoveEventsAsync(old.AddSeconds(1), default) >= 1);
        Assert.Equal(new EventBounds(2, 2), await Events.FindEventBoundsAsync(Tenant, default));
        Assert.Equal(2, Assert.Single(await Events.ListDeliveriesAsync(Tenant, "hook", long.MaxValue, 10, default)).Event.Seq);

        Assert.True(await Events.RemoveEventsAsync(old.AddSeconds(3), default) >= 1);
        Assert.Equal(new EventBounds(3, 2), await Events.FindEventBoundsAsync(Tenant, default));
        Assert.Equal(3, (await Events.TestWebhookAsync(Tenant, "hook", Tick(), default))!.Seq);
    }

    [Fact]
    public async Task A_reader_gets_what_it_asks_for_in_pages()
    {
        await CommitAsync(Write(Sample.New("a", "A.")));
        await CommitAsync(Write(Sample.Plain("b", "B.", "bob")));
        await CommitAsync(Write(Sample.Plain("c", "C.", "bob")));
        Assert.Equal(["b", "c"], await IdsAsync(0, All with { UserId = "bob" }));
        Assert.Equal(["c"], await IdsAsync(2, All with { UserId = "bob" }));
        Assert.Equal(["a"], await IdsAsync(0, All with { AgentId = "agent" }));
        Assert.Empty(await IdsAsync(0, new EventFilter([EventKinds.MemoryErased])));
        Assert.Equal(["b"], (await Events.ReadEventsAsync(Tenant, 1, All, 1, default)).Select(static each => each.Subject));
    }

    [Fact]
    public async Task Commits_side_by_side_leave_no_gap_that_is_filled_later()
    {
        const int writers = 4;
        const int each = 15;
        var seen = new List<long>();
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
                await CommitAsync(Write(Sample.Plain($"m{writer}-{i}", "Something.", $"user{writer}")));
        })));
        while (seen.Count < writers * each)
        {
            var isDone = writing.IsCompleted;
            seen.AddRange((await Events.ReadEventsAsync(Tenant, seen.Count == 0 ? 0 : seen[^1], All, 100, default))
                .Select(static told => told.Seq));
            Assert.False(isDone && seen.Count < writers * each, "An event came before one that was read.");
        }

        await writing;
        Assert.Equal(Enumerable.Range(1, writers * each).Select(static seq => (long)seq), seen);
    }

    private async Task<IEnumerable<string>> IdsAsync(long after, EventFilter filter) =>
        (await Events.ReadEventsAsync(Tenant, after, filter, 100, default)).Select(static told => told.Subject);

    private async Task CommitAsync(params MemoryWrite[] writes) =>
        Assert.Equal(CommitStatus.Committed, await Store.Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, writes), default));

    private Webhook Hook(string id, params string[] kinds) => new(id, "https://example.com/hook", kinds, Tick(), "key:1", [1, 2, 3]);

    private static string Say(MemoryEvent told) => FormattableString.Invariant($"{told.Kind} {told.Subject} {told.Number}");
}
