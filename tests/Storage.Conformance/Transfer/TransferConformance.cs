using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Transfer;
using static MemoryOrleans.Storage.Conformance.TransferRuns;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Exports hold everything and come back exactly; imports can be repeated and never mix with what is there.</summary>
public abstract class TransferConformance : StoreConformance
{
    /// <summary>Tenants tried by one run of the property.</summary>
    protected virtual int TenantsMax => 12;

    [Fact]
    public async Task Any_tenant_comes_back_exactly()
    {
        var property = Prop.ForAll(Arb.From(Gen.Choose(0, 1_000_000)), async (int seed) =>
        {
            var (from, to) = (NewTenant(), NewTenant());
            await new RandomTenant(() => Store, from, seed, Tick).WriteAsync();
            var export = await ExportAsync(Store, from);

            var report = (await ImportAsync(Store, to, export)).Value;

            Assert.Equal(report.Trailer.Counts, report.Added);
            Assert.Equal(RecordsOf(export), RecordsOf(await ExportAsync(Store, to)));
            await AssertSameReadsAsync(from, to);
        });
        await Task.Run(() => Check.One(SameCases.Quick.WithMaxTest(TenantsMax), property));
    }

    [Fact]
    public async Task A_second_import_changes_nothing()
    {
        await new RandomTenant(() => Store, Tenant, 7, Tick).WriteAsync();
        var (to, export) = (NewTenant(), await ExportAsync(Store, Tenant));
        await ImportAsync(Store, to, export);
        var heads = await HeadsAsync(to);

        var again = await ImportAsync(Store, to, export);

        Assert.Equal(new TransferCounts(), again.Value.Added);
        Assert.Equal(heads, await HeadsAsync(to));
        Assert.Equal(RecordsOf(export), RecordsOf(await ExportAsync(Store, to)));
        Assert.Equal(new TransferCounts(), (await ImportAsync(Store, Tenant, export)).Value.Added);
    }

    [Fact]
    public async Task An_import_cut_off_anywhere_can_be_repeated()
    {
        var script = Script("long", "ada");
        for (var n = 0; n < 26; n++)
            await script.AppendAsync([.. Enumerable.Range(0, 100).Select(turn => $"turn {n}.{turn}")]);
        await new RandomTenant(() => Store, Tenant, 3, Tick).WriteAsync();
        var export = await ExportAsync(Store, Tenant);
        foreach (var part in new[] { 0.1, 0.5, 0.8, 0.99 })
        {
            var to = NewTenant();

            var cut = await ImportAsync(Store, to, export[..(int)(export.Length * part)]);

            Assert.Equal(ErrorCode.InvalidInput, cut.Error?.Code);
            Assert.True((await ImportAsync(Store, to, export)).IsSuccess);
            Assert.Equal(RecordsOf(export), RecordsOf(await ExportAsync(Store, to)));
        }
    }

    [Fact]
    public async Task What_was_erased_is_in_no_export()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var tenant = NewTenant();
            await new RandomTenant(() => Store, tenant, seed, Tick).WriteAsync();
            Assert.DoesNotContain(RandomTenant.ErasedWord, Encoding.UTF8.GetString(await ExportAsync(Store, tenant)),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_export_holds_nothing_of_another_tenant()
    {
        await new RandomTenant(() => Store, Tenant, 1, Tick).WriteAsync();
        Assert.Empty(RecordsOf(await ExportAsync(Store, NewTenant())));
    }

    [Fact]
    public async Task Other_content_under_the_same_id_is_refused_by_its_line()
    {
        await Script("s").AppendAsync("one", "two");
        var export = await ExportAsync(Store, Tenant);
        var to = NewTenant();
        await Script("s", tenant: to).AppendAsync("something else");

        var refused = await ImportAsync(Store, to, export);

        Assert.Equal((ErrorCode.Conflict, "lines[2].id"), (refused.Error!.Code, refused.Error.Field));
        Assert.Single(await Sessions.ReadTurnsAsync(new SessionKey(to, "s"), 0, 10, default));
    }

    [Fact]
    public async Task What_has_gone_on_since_the_import_stays()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        var (to, export) = (NewTenant(), await ExportAsync(Store, Tenant));
        await ImportAsync(Store, to, export);
        var row = (await Sessions.FindSessionAsync(new SessionKey(to, "s"), default)).Session!;
        var three = script.NewTurn(3, "three", Tick());
        var next = row with { LastSeq = 3, Version = row.Version + 1, UpdatedAt = Tick() };
        Assert.Equal(CommitStatus.Committed,
            await Sessions.CommitAsync(new SessionCommit(new SessionKey(to, "s"), row.Version, 0, next, [three], null)));
        await Store.Erasures.EraseTurnsAsync(new SessionKey(to, "s"), [1], Tick(), default);

        Assert.Equal(new TransferCounts(), (await ImportAsync(Store, to, export)).Value.Added);

        var turns = await Sessions.ReadTurnsAsync(new SessionKey(to, "s"), 0, 10, default);
        Assert.Equal(["", "two", "three"], turns.Select(turn => turn.Content));
    }

    [Fact]
    public async Task What_rests_on_a_turn_erased_here_comes_back_without_its_words()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        var (to, sessionOnly) = (NewTenant(), await ExportAsync(Store, Tenant));
        var (some, graph) = (new SampleMemories(Tick), new GraphScript(() => Store.Graph, Tenant, Tick));
        SourceTurn[] cited = [new("s", script.Turns[0].Id, 1), new("s", script.Turns[1].Id, 2)];
        var on = some.New("on", "of the erased turn", "ada", cited[0]);
        foreach (var write in new[] { SampleMemories.Write(on, "k"), SampleMemories.Write(some.Next(on, "edited"), "k"),
            SampleMemories.Write(some.New("off", "of the other", "ada", cited[1])) })
        {
            await Store.Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [write]), default);
        }

        var ada = await graph.AddAsync("Ada");
        var (old, off) = (graph.Say(ada, "old") with { Sources = [cited[0]] }, graph.Say(ada, "off") with { Sources = [cited[1]] });
        await graph.CommitAsync(new ObservationAdded(old), new ObservationAdded(off),
            new ObservationSuperseded(ada.Id, old.Id, off.Id, Tick()));
        await ImportAsync(Store, to, sessionOnly);
        await Store.Erasures.EraseTurnsAsync(new SessionKey(to, "s"), [1], Tick(), default);

        var (export, found) = (await ExportAsync(Store, Tenant), await ImportAsync(Store, to, await ExportAsync(Store, Tenant)));

        Assert.Equal((3L, 1L), (found.Value.Added.MemoryVersions, found.Value.Added.Observations));
        Assert.All(await Store.Memories.ReadHistoryAsync(to, "on", default),
            static version => Assert.Equal((MemoryStatus.Erased, "", 0), (version.Status, version.Content, version.Sources.Count)));
        Assert.Equal("of the other", (await Store.Memories.FindMemoryAsync(to, "off", default))!.Content);
        Assert.Empty(await Store.Memories.FindByKeysAsync(to, "ada", ["k"], default));
        Assert.Null(await Store.Graph.FindObservationAsync(to, old.Id, default));
        Assert.NotNull(await Store.Graph.FindObservationAsync(to, off.Id, default));
        Assert.Equal(new TransferCounts(), (await ImportAsync(Store, to, export)).Value.Added);
    }

    [Fact]
    public async Task A_session_deleted_here_is_not_brought_back()
    {
        var script = Script("s");
        await script.AppendAsync("one");
        var export = await ExportAsync(Store, Tenant);
        await script.DeleteAsync();

        Assert.Equal(ErrorCode.Conflict, (await ImportAsync(Store, Tenant, export)).Error?.Code);
        Assert.Null((await Sessions.FindSessionAsync(script.Key, default)).Session);
    }

    [Fact]
    public async Task A_memory_whose_source_is_missing_is_refused()
    {
        var some = new SampleMemories(Tick);
        await Store.Memories.CommitMemoriesAsync(
            new MemoryCommit(Tenant, [SampleMemories.Write(some.New("m", "text", "ada", new SourceTurn("nowhere", "t", 1)))]), default);

        var refused = await ImportAsync(Store, NewTenant(), await ExportAsync(Store, Tenant));

        Assert.Equal((ErrorCode.InvalidInput, "lines[2].sources[0]"), (refused.Error!.Code, refused.Error.Field));
    }

    [Fact]
    public async Task An_export_under_appends_is_one_moment()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("first");
        using var stream = new MemoryStream();
        var written = 0;
        var some = new SampleMemories(Tick);
        var transfers = new Interposed(Store.Transfers, async () =>
        {
            // After the export has begun: a turn, and a memory and its source that must be in it both or neither.
            if (written++ > 0)
                return;
            await script.AppendAsync("second");
            var source = new SourceTurn("s", script.Turns[^1].Id, 2);
            await Store.Memories.CommitMemoriesAsync(
                new MemoryCommit(Tenant, [SampleMemories.Write(some.New("m", "text", "ada", source))]), default);
        });

        var trailer = await new ExportTenant(transfers, TimeProvider.System).RunAsync(Tenant, stream, default);

        Assert.Equal(new TransferCounts(Sessions: 1, Turns: 1), trailer.Counts);
        Assert.True((await ImportAsync(Store, NewTenant(), stream.ToArray())).IsSuccess);
    }

    [Fact]
    public async Task An_import_wakes_embedding_and_the_distillation_that_is_left()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        var to = NewTenant();
        await ImportAsync(Store, to, await ExportAsync(Store, Tenant));

        var due = (await Store.Due.ListAsync(to, null, null, null, 10, default)).Value.Items;

        Assert.Contains((DueKinds.Distil, "s"), due.Select(work => (work.Kind, work.Subject)));
    }

    private async Task AssertSameReadsAsync(string from, string to)
    {
        Assert.Equal(
            ToText(await Store.Graph.SummarizeGraphAsync(from, 10, 10, default)),
            ToText(await Store.Graph.SummarizeGraphAsync(to, 10, 10, default)));
        Assert.Equal(
            (await Sessions.ListSessionsAsync(from, new SessionFilter(), null, 100, default)).Value.Items,
            (await Sessions.ListSessionsAsync(to, new SessionFilter(), null, 100, default)).Value.Items);
        var memories = (await Store.Memories.ListMemoriesAsync(from, new MemoryFilter(Status: null), null, 100, default)).Value.Items;
        SampleMemories.AssertSame(memories,
            (await Store.Memories.ListMemoriesAsync(to, new MemoryFilter(Status: null), null, 100, default)).Value.Items);
        foreach (var memory in memories)
            SampleMemories.AssertSame(await Store.Memories.ReadHistoryAsync(from, memory.Id, default),
                await Store.Memories.ReadHistoryAsync(to, memory.Id, default));
        foreach (var user in RandomTenant.AllUsers)
        {
            SampleMemories.AssertSame(
                Sorted(await Store.Memories.FindByKeysAsync(from, user, ["key 0", "key 1"], default)),
                Sorted(await Store.Memories.FindByKeysAsync(to, user, ["key 0", "key 1"], default)));
            foreach (var feed in new[] { Feed, Store.Memories.MemoryFeed })
                Assert.Equal(await FollowAsync(feed, from, user), await FollowAsync(feed, to, user));
        }
    }

    private static IEnumerable<MemoryRecord> Sorted(IEnumerable<MemoryRecord> memories) =>
        memories.OrderBy(memory => memory.Id, StringComparer.Ordinal);

    private static string ToText(object value) => System.Text.Json.JsonSerializer.Serialize(value);

    private static async Task<Dictionary<(string, long), Turn>> FollowAsync(IRecallFeed feed, string tenant, string? user)
    {
        var follower = new FeedFollower(new PartitionKey(tenant, user));
        await follower.CatchUpAsync(feed);
        Assert.Equal(await feed.HeadAsync(follower.Partition, default), follower.Watermark);
        return follower.Turns;
    }

    private async Task<List<long>> HeadsAsync(string tenant)
    {
        var heads = new List<long>();
        foreach (var user in RandomTenant.AllUsers)
        {
            heads.Add(await Feed.HeadAsync(new PartitionKey(tenant, user), default));
            heads.Add(await Store.Memories.MemoryFeed.HeadAsync(new PartitionKey(tenant, user), default));
            heads.Add(await Store.Graph.Documents.HeadAsync(new PartitionKey(tenant, user), default));
        }

        return heads;
    }

    private sealed class Interposed(ITransferStore store, Func<Task> onRecord) : ITransferStore
    {
        public Task ExportAsync(string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel) => store.ExportAsync(
            tenant,
            async record =>
            {
                await onRecord();
                await write(record);
            },
            cancel);

        public Task<CommitStatus> ImportSessionsAsync(
            string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now,
            CancellationToken cancel) =>
            store.ImportSessionsAsync(tenant, sessions, deleted, now, cancel);
    }
}
