using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using static MemoryOrleans.Storage.Conformance.SampleMemories;

namespace MemoryOrleans.Storage.Conformance;

public abstract partial class ErasureConformance
{
    // What an erased tenant leaves behind: its trail, the certificate, the number of its destroyed key.
    private static readonly string[] Kept = ["audit", "audit_anchors", "tenant_erasures", "tenant_keys"];

    private int forgotten;

    private EraseTenants EraseTenants => EraseTenantsOver(Store.Erasures, Store.Audit, Store.Due);

    [Fact]
    public async Task Every_row_of_an_erased_tenant_is_gone_and_those_of_others_are_as_they_were()
    {
        var (other, operators) = (NewTenant(), NewTenant());
        await FillAllAsync(Tenant, "first");
        await FillAllAsync(other, "second");
        var before = await Store.ReadRowsAsync(Tenant);
        Assert.Empty(before.Where(static table => table.Value.Count == 0).Select(static table => table.Key).Except(Kept));
        var (rowsOfOther, exportOfOther) = (await Store.ReadRowsAsync(other), await ExportAsync(other));

        var erased = (await EraseTenants.EraseAsync(Tenant, "key:op", operators, TimeSpan.MaxValue, default)).Value;

        var after = await Store.ReadRowsAsync(Tenant);
        Assert.Empty(after.Where(static table => table.Value.Count > 0).Select(static table => table.Key).Except(Kept));
        Assert.Equal(before.Keys, after.Keys);
        Assert.Equal(rowsOfOther, await Store.ReadRowsAsync(other));
        Assert.Equal(exportOfOther, await ExportAsync(other));
        Assert.Empty(await FindAsync(["CANARY-first-"]));
        if (TextsAreReadable)
            Assert.NotEmpty(await FindAsync(["CANARY-second-"]));

        Assert.Equal((true, "key:op", 3), (erased.IsDone, erased.Requester, forgotten));
        Assert.Equal(erased, await Store.Erasures.FindTenantErasureAsync(Tenant, default), SameErasure);
        foreach (var table in before.Where(static each => each.Value.Count > 0 && !Kept.Contains(each.Key) && !each.Key.Contains("vectors")))
            Assert.Contains(erased.Rows, rows => rows.Table == table.Key && rows.Count >= table.Value.Count);
        foreach (var table in new[] { "turns", "vectors", "memory_vectors", "entity_vectors" })
            Assert.Contains(erased.Rows, rows => rows.Table == table);
        Assert.Equal(["tenant.erased", "tenant.erasure_requested"],
            (await Store.Audit.ListAuditAsync(Tenant, null, 2, default)).Value.Items.Select(static entry => entry.Action));
        var told = Assert.Single((await Store.Audit.ListAuditAsync(operators, null, 10, default)).Value.Items);
        Assert.Equal(("key:op", "tenant.erased", $"tenant:{Tenant}"), (told.Caller, told.Action, told.Subject));
        Assert.Null((await new AuditOperations(Store.Audit).VerifyAsync(Tenant, default)).Broken);
    }

    [Fact]
    public async Task The_name_of_an_erased_tenant_is_that_of_a_new_one()
    {
        var other = NewTenant();
        await FillAllAsync(other, "second");
        for (var round = 0; round < 3; round++)
        {
            await FillAllAsync(Tenant, "first");
            await EraseTenants.EraseAsync(Tenant, "key:op", Tenant, TimeSpan.MaxValue, default);
            Assert.Equal(0, await Feed.HeadAsync(Ada, default));
            if (round == 1)
                await Store.ReopenAsync();
        }

        Assert.Equal(new TenantSettings(), await Store.Tenants.ReadSettingsAsync(Tenant, default));
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        await CommitAsync(Write(Some.New("m", "one", "ada", new SourceTurn("s", script.Turns[0].Id, 1))));
        Assert.Equal(script.Turns, (await ReadFeedAsync(Ada)).OfType<TurnCommitted>().Select(static change => change.Turn));
        Assert.Single(await Store.Memories.FindCitingAsync(Tenant, "s", null, 10, default));
        await Script("more", "ada", tenant: other).AppendAsync("three");
        Assert.Equal(3, (await Store.Tenants.SummarizeAsync(other, default)).Sessions);
    }

    [Fact]
    public async Task Nothing_of_a_tenant_is_written_while_it_is_erased()
    {
        await FillAllAsync(Tenant, "first");
        var begun = await BeginAsync();
        await Store.ReopenAsync();

        Assert.Equal(CommitStatus.Unavailable, await Sessions.CommitAsync(Script("new", "ada").PrepareAppend("one")));
        Assert.Equal(CommitStatus.Unavailable,
            await Store.Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [Write(Some.New("new", "one"))]), default));
        Assert.Equal(CommitStatus.Unavailable, await new GraphScript(() => Store.Graph, Tenant, Tick).TryAsync(
            new EntityWrite(0, new Entity("new", "new", "thing", GraphScope.Tenant, null, 1, Tick(), Tick()))));
        foreach (var write in new Func<Task>[]
        {
            async () => await Store.Tenants.SaveSettingsAsync(Tenant, new TenantSettings(9), default),
            async () => await Store.Tenants.AddKeyAsync(Tenant, KeyOf("0009"), 5, Tick(), default),
            async () => await Store.Events.AddWebhookAsync(Tenant, HookOf("new"), 10, default),
            async () => await Store.Due.SaveRunAsync(Tenant, new JobRun("retention", Tick()), default),
        })
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(write);
        }

        Assert.True((await Store.Tenants.ReadSettingsAsync(Tenant, default)).IsBeingErased);
        Assert.Equal(begun.Id, (await BeginAsync()).Id);
        await Store.Audit.AppendAuditAsync(Tenant, new AuditEntry(Tick(), "key:1", "refused", string.Empty), default);
        await Script("s", "ada", tenant: NewTenant()).AppendAsync("another tenant's");
        Assert.False(await Store.Erasures.CompleteTenantErasureAsync(Tenant, begun.Id, Tick(), Ended(), default));
        Assert.Equal(0, await Store.Erasures.EraseTenantRowsAsync(Tenant, "another", 100, default));
        while (await Store.Erasures.EraseTenantRowsAsync(Tenant, begun.Id, 7, default) is var removed and > 0)
            Assert.InRange(removed, 1, 7);
        Assert.True(await Store.Erasures.CompleteTenantErasureAsync(Tenant, begun.Id, Tick(), Ended(), default));
        Assert.False(await Store.Erasures.CompleteTenantErasureAsync(Tenant, begun.Id, Tick(), Ended(), default));
        Assert.False((await Store.Tenants.ReadSettingsAsync(Tenant, default)).IsBeingErased);
        await Script("new", "ada").AppendAsync("one");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopped_at_any_call_the_erasure_of_a_tenant_is_ended_by_its_due_work(bool takesEffect)
    {
        for (var failAt = 1; ; failAt++)
        {
            await Script("s", "ada").AppendAsync("CANARY-one", "CANARY-two");
            var failing = new FailingCall(failAt, takesEffect, static () => new StoreUnavailableException("not now"));
            var stopped = EraseTenantsOver(failing.Over(Store.Erasures), failing.Over(Store.Audit), failing.Over(Store.Due));
            try
            {
                await stopped.EraseAsync(Tenant, "key:op", "operators", TimeSpan.MaxValue, default);
            }
            catch (StoreUnavailableException)
            {
                // What it recorded is ended by due work; what it did not is asked for again.
            }

            await EndTenantDueAsync();
            if ((await FindAsync(["CANARY-one"])).Any() || await Store.Erasures.FindTenantErasureAsync(Tenant, default) is not { IsDone: true })
                await EraseTenants.EraseAsync(Tenant, "key:op", "operators", TimeSpan.MaxValue, default);
            Assert.Empty(await FindAsync(["CANARY-one", "CANARY-two"]));
            var erased = (await Store.Erasures.FindTenantErasureAsync(Tenant, default))!;
            Assert.True(erased.IsDone);
            Assert.Contains(new ErasedRows("turns", 2), erased.Rows);
            Assert.Empty(await ListDueAsync());
            if (!failing.HasFailed)
                break;
            Assert.True(failAt < 100, "It calls the store without end.");
        }
    }

    private static readonly Func<TenantErasure?, TenantErasure?, bool> SameErasure = static (one, other) =>
        one! with { Rows = [] } == other! with { Rows = [] } && one.Rows.SequenceEqual(other.Rows);

    private EraseTenants EraseTenantsOver(IErasureStore erasures, IAuditStore audit, IDueStore due) => new(
        erasures, audit, due, new TickingClock(Tick), () => $"erasure-{++this.erasures}",
        (_, _) =>
        {
            forgotten++;
            return Task.CompletedTask;
        });

    private async Task<TenantErasure> BeginAsync() => (await Store.Erasures.BeginTenantErasureAsync(
        Tenant, new TenantErasure($"erasure-{++erasures}", "key:op", "operators", Tick()),
        new AuditEntry(Tick(), "key:op", "tenant.erasure_requested", $"tenant:{Tenant}"), Tick(), default)).Value;

    private AuditEntry Ended() => new(Tick(), "key:op", "tenant.erased", $"tenant:{Tenant}");

    private async Task EndTenantDueAsync()
    {
        var handler = new TenantErasureHandler(EraseTenants, new TickingClock(Tick), TimeSpan.MaxValue);
        foreach (var work in (await Store.Due.ListAsync(Tenant, null, DueKinds.TenantErasure, null, 50, default)).Value.Items)
        {
            Assert.IsType<DueFinished>(Assert.Single(await handler.RunAsync([work], default)));
            // A claim of work that is gone has nothing to end; work that was nobody's goes so.
            var claimed = await Store.Due.ClaimAsync([DueKinds.TenantErasure], 10, Tick().AddDays(1), TimeSpan.FromMinutes(1), default);
            foreach (var left in claimed.Where(left => left.Tenant == Tenant))
                await Store.Due.FinishAsync(left, 1, Tick(), default);
        }
    }

    /// <summary>Rows in every table that has rows of tenants; what is said begins with a word of its own.</summary>
    private async Task FillAllAsync(string tenant, string word)
    {
        var said = $"CANARY-{word}-";
        await Store.Tenants.SaveSettingsAsync(tenant, new TenantSettings(1_000), default);
        Assert.True(await Store.Tenants.AddKeyAsync(tenant, KeyOf("0001"), 5, Tick(), default));
        Assert.True(await Store.Events.AddWebhookAsync(tenant, HookOf("hook"), 10, default));
        var space = await Store.Vectors.OpenSpaceAsync($"model-{Tenant}", 2, Tick(), default);
        var script = Script("s", "ada", "helper", tenant);
        await script.AppendOnceAsync("scope", "k1", Tick().AddHours(1), $"{said} one", $"{said} two", $"{said} three");
        var gone = Script("gone", "ada", tenant: tenant);
        await gone.AppendAsync($"{said} soon gone");
        await gone.DeleteAsync();
        await Script("nobodys", tenant: tenant).AppendAsync($"{said} by nobody");
        Assert.True(await Store.Vectors.SaveAsync(
            space, tenant, "s", [.. script.Turns.Select(static turn => new TurnVector(turn.Seq, turn.Id, 0, [1, 0]))], default));

        var memory = Some.New("m", $"{said} memory", "ada", new SourceTurn("s", script.Turns[0].Id, 1));
        await CommitInAsync(tenant, Write(memory, $"{said} key"));
        memory = Some.Next(memory, $"{said} edited");
        await CommitInAsync(tenant, Write(memory, $"{said} key"));
        DocumentVector[] ofMemories = [new("m", memory.Version, [0, 1])];
        Assert.Empty(await Store.Vectors.SaveMemoriesAsync(space, tenant, ofMemories, default));

        var graph = new GraphScript(() => Store.Graph, tenant, Tick);
        var ada = graph.Draft($"{said} Ada") with { Aliases = [$"{said} Countess"] };
        await graph.CommitAsync(new EntityWrite(0, ada));
        var bob = await graph.AddAsync($"{said} Bob", scope: new GraphScope("ada"));
        await graph.SayAsync(ada, $"{said} keeps bees");
        await graph.LinkAsync(ada, bob, metadata: $$"""{"x":"{{said}} since"}""");
        var document = Assert.Single(await Store.Graph.ReadDocumentsAsync(tenant, [ada.Id], default));
        Assert.Empty(await Store.Vectors.SaveEntitiesAsync(space, tenant, [new DocumentVector(ada.Id, document.Change, [0, 1])], default));
        var eve = await graph.AddAsync($"{said} Eve");
        await Store.Graph.DeleteEntityAsync(tenant, eve.Id, 1, Tick());

        await Store.Due.SaveRunAsync(tenant, new JobRun("retention", Tick()), default);
        await Store.Due.WakeAsync(tenant, "some:work", "s", Tick(), default);
        var erasure = new Erasure($"erasure-{++erasures}", new ErasureTarget(ErasureKind.Memory, "x"), "key:1", Tick(), Tick());
        var entry = new AuditEntry(Tick(), "key:1", "erasure.requested", "memory:x");
        await Store.Erasures.BeginErasureAsync(tenant, erasure, entry, Tick(), default);
        await Store.Erasures.NoteErasedAsync(tenant, erasure.Id, [ErasureItems.OfErased("x")], new ErasureCounts(), default);
    }

    private async Task CommitInAsync(string tenant, params MemoryWrite[] writes) =>
        Assert.Equal(CommitStatus.Committed, await Store.Memories.CommitMemoriesAsync(new MemoryCommit(tenant, writes), default));

    private async Task<List<string>> ExportAsync(string tenant)
    {
        var lines = new List<string>();
        await Store.Transfers.ExportAsync(
            tenant,
            record =>
            {
                lines.Add(System.Text.Json.JsonSerializer.Serialize<object>(record));
                return ValueTask.CompletedTask;
            },
            default);
        return lines;
    }

    private Webhook HookOf(string id) => new(id, "https://example.com/hook", [EventKinds.MemoryMade], Tick(), "key:1", [1, 2, 3]);

    private ApiKey KeyOf(string id) => new(
        id, "a key", ["read", "write"], Tick(), "key:maker", KeySecret.Of(new string('a', KeyText.SecretLength), new byte[KeySecret.SaltBytes]));
}
