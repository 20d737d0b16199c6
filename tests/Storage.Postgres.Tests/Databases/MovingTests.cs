using System.Collections.Concurrent;
using System.Diagnostics;
using MemoryOrleans.Feed;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Tenancy;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>Tenants moved from one real database to another, with two stores that stand for two processes.</summary>
public sealed class MovingTests : IAsyncLifetime
{
    private const string Mover = "mover";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly MovePace Pace = MovePace.Default with { ReadsEndAfter = TimeSpan.FromMilliseconds(200) };

    // Of a process that takes another one for dead at once.
    private static readonly MovePace Impatient = Pace with { DeadAfter = TimeSpan.FromSeconds(20) };

    private readonly ConcurrentQueue<Exception> unfinished = [];
    private TwoDatabases databases = null!;
    private RoutedStore store = null!;
    private RoutedStore other = null!;

    public async ValueTask InitializeAsync()
    {
        databases = await TwoDatabases.MakeAsync();
        (store, other) = (await OpenAsync(), await OpenAsync());
        store.MoveUnfinished = other.MoveUnfinished = (_, failure) => unfinished.Enqueue(failure);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await other.DisposeAsync();
        await databases.DisposeAsync();
    }

    [Fact]
    public async Task Under_load_nothing_acknowledged_is_lost_order_is_kept_and_writes_are_held_for_seconds()
    {
        await store.PlaceTenantAsync(Mover, TenantDatabase.Home, default);
        using var stop = new CancellationTokenSource();
        var partition = new PartitionKey(Mover, "ada");
        var sessions = Enumerable.Range(0, 6).Select(static i => new SampleTurns($"s{i}", Mover)).ToArray();
        var acknowledged = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var heldLongest = new ConcurrentBag<TimeSpan>();
        var writing = sessions.Select((session, i) =>
            Task.Run(() => WriteAsync(i % 2 == 0 ? store : other, session, acknowledged, heldLongest, stop.Token))).ToArray();
        var following = new[] { store, other }.Select(each => Task.Run(() => FollowAsync(each, partition, acknowledged, stop.Token)))
            .ToArray();
        await UntilAsync(() => Task.FromResult(acknowledged.Values.Sum() > 300));

        var begun = await other.MoveTenantAsync(Mover, "second", default);
        Assert.Equal((MoveState.Copying, "home", "second"), (begun.Value.State, begun.Value.Source, begun.Value.Target));
        Assert.Equal(ErrorCode.Conflict, (await store.MoveTenantAsync(Mover, "second", default)).Error?.Code);
        var move = await EndOfMoveAsync();
        var atEnd = acknowledged.Values.Sum();
        await UntilAsync(() => Task.FromResult(acknowledged.Values.Sum() > atEnd + 300));
        await stop.CancelAsync();
        await Task.WhenAll([.. writing, .. following]);

        Assert.Equal((MoveState.Done, null), (move.State, move.Error));
        Assert.InRange(move.HeldUntil!.Value - move.HeldFrom!.Value, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30));
        Assert.InRange(heldLongest.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(40));
        foreach (var each in new[] { store, other })
        {
            Assert.Equal("second", (await each.FindDatabaseAsync(Mover, default)).Value);
            foreach (var session in sessions)
            {
                var turns = await each.ReadTurnsAsync(session.Key, 0, 100_000, default);
                Assert.Equal(Enumerable.Range(1, turns.Count).Select(static seq => (long)seq), turns.Select(static turn => turn.Seq));
                Assert.All(turns, static turn => Assert.Equal($"turn {turn.Seq}", turn.Content));
                // The last attempt may have been cut off on its way.
                Assert.InRange(turns.Count, acknowledged[session.Key.Id], acknowledged[session.Key.Id] + 1);
            }

            Assert.Equal(sessions.Length, (await each.ListSessionsAsync(Mover, new SessionFilter(), null, 100, default)).Value.Items.Count);
        }

        Assert.Equal(0, await RowsAsync(databases.Home));
        Assert.InRange(await TwoDatabases.CountAsync(databases.Second, "turns", Mover), 600, long.MaxValue);
    }

    [Fact]
    public async Task Every_row_of_every_table_arrives_as_it_was_and_goes_on_from_there()
    {
        await store.PlaceTenantAsync(Mover, "second", default);
        await FillAsync(Mover);
        await store.PlaceTenantAsync("stays", "second", default);
        await FillAsync("stays");
        var (before, staying) = (await DumpAsync(databases.Second, Mover), await DumpAsync(databases.Second, "stays"));
        string[] filled =
        [
            "turns", "memories", "memory_versions", "graph_entities", "graph_observations", "audit", "api_keys", "tenant_settings", "due",
            "tombstones",
            "vectors_1",
        ];
        Assert.All(filled, table => Assert.NotEmpty(before[table]));

        await store.MoveTenantAsync(Mover, TenantDatabase.Home, default);
        Assert.Equal(MoveState.Done, (await EndOfMoveAsync()).State);
        AssertSame(before, await DumpAsync(databases.Home, Mover));
        AssertSame(staying, await DumpAsync(databases.Second, "stays"));
        Assert.Equal(0, await RowsAsync(databases.Second));

        // The trail goes on from its last hash, and numbers from where they were.
        await other.AppendAuditAsync(Mover, new AuditEntry(TimeProvider.System.GetUtcNow(), "caller", "after", "subject"), default);
        var trail = await other.ReadAuditAsync(Mover, 0, 100, default);
        Assert.Equal(trail.Select(static entry => entry.Key).Order(), trail.Select(static entry => entry.Key));
        Assert.Equal(trail[^1].Hash, AuditChain.HashOf(trail[^2].Hash, Mover, trail[^1].Entry));
        Assert.Equal(CommitStatus.Committed, await other.CommitAsync(new SampleTurns("new", Mover).Next("hello")));

        // And back again, over the fence that it left.
        before = await DumpAsync(databases.Home, Mover);
        await other.MoveTenantAsync(Mover, "second", default);
        Assert.Equal(MoveState.Done, (await EndOfMoveAsync()).State);
        AssertSame(before, await DumpAsync(databases.Second, Mover));
        Assert.Equal(0, await RowsAsync(databases.Home));
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(new SampleTurns("newer", Mover).Next("hello")));
    }

    [Fact]
    public async Task A_move_that_fails_leaves_the_tenant_where_it_was()
    {
        await store.PlaceTenantAsync(Mover, TenantDatabase.Home, default);
        await FillAsync(Mover);
        var before = await DumpAsync(databases.Home, Mover);
        await RunAsync(databases.Second, "ALTER TABLE graph_relations ADD COLUMN unknown text NOT NULL");

        await store.MoveTenantAsync(Mover, "second", default);
        var move = await EndOfMoveAsync();
        Assert.Equal(MoveState.Failed, move.State);
        Assert.Contains("unknown", move.Error, StringComparison.Ordinal);
        AssertSame(before, await DumpAsync(databases.Home, Mover));
        Assert.Equal(0, await RowsAsync(databases.Second));
        Assert.Equal("home", (await other.FindDatabaseAsync(Mover, default)).Value);
        Assert.Equal(CommitStatus.Committed, await other.CommitAsync(new SampleTurns("later", Mover).Next("hello")));

        await RunAsync(databases.Second, "ALTER TABLE graph_relations DROP COLUMN unknown");
        Assert.True((await store.MoveTenantAsync(Mover, "second", default)).IsSuccess);
        Assert.Equal(MoveState.Done, (await EndOfMoveAsync()).State);
        Assert.Equal("hello", Assert.Single(await store.ReadTurnsAsync(new SessionKey(Mover, "later"), 0, 10, default)).Content);
    }

    [Fact]
    public async Task A_move_whose_process_died_while_it_held_writes_is_taken_back()
    {
        await store.PlaceTenantAsync(Mover, TenantDatabase.Home, default);
        await FillAsync(Mover);
        var before = await DumpAsync(databases.Home, Mover);
        var copy = new CopyTenant(databases.Home, databases.Second, Mover);
        await CopyTenant.SetFenceAsync(databases.Second, Mover, default);
        await copy.CopyAllAsync(default);
        await CopyTenant.SetFenceAsync(databases.Home, Mover, default);
        Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(new SampleTurns("held", Mover).Next("hello")));
        Assert.Single(await store.ReadTurnsAsync(new SessionKey(Mover, "s"), 0, 1, default));
        await LeaveAsync(state: 1);
        await using var heir = await OpenAsync(Impatient);

        Assert.Equal(MoveState.Failed, (await EndOfMoveAsync()).State);
        AssertSame(before, await DumpAsync(databases.Home, Mover));
        Assert.Equal(0, await RowsAsync(databases.Second));
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(new SampleTurns("held", Mover).Next("hello")));
    }

    [Fact]
    public async Task A_move_whose_process_died_after_the_switch_is_ended()
    {
        await store.PlaceTenantAsync(Mover, TenantDatabase.Home, default);
        await FillAsync(Mover);
        var before = await DumpAsync(databases.Home, Mover);
        var copy = new CopyTenant(databases.Home, databases.Second, Mover);
        await CopyTenant.SetFenceAsync(databases.Second, Mover, default);
        var moment = await copy.CopyAllAsync(default);
        await CopyTenant.SetFenceAsync(databases.Home, Mover, default);
        await copy.CatchUpAsync(moment, default);
        await RunAsync(databases.Home, $"SELECT set_config('memory.tenant', '{Mover}', false); UPDATE placements SET database = 'second'");
        await LeaveAsync(state: 2);
        await using var heir = await OpenAsync(Impatient);

        Assert.Equal(MoveState.Done, (await EndOfMoveAsync()).State);
        AssertSame(before, await DumpAsync(databases.Second, Mover));
        Assert.Equal(0, await RowsAsync(databases.Home));
        foreach (var each in new[] { store, other })
            Assert.Equal(CommitStatus.Committed, await each.CommitAsync(new SampleTurns($"on {each.GetHashCode()}", Mover).Next("hello")));
    }

    [Fact]
    public async Task Every_table_of_tenants_is_fenced()
    {
        await using var connection = await PostgresUnderTest.ConnectAsync(databases.Home);
        var fenced = new HashSet<string>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'fence'", connection))
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
                fenced.Add(rows.GetString(0));
        }

        // What is lost of vectors is made again by due work, which is fenced.
        var tables = await TenantTable.ListAsync(connection, default);
        Assert.InRange(tables.Count, 20, 100);
        Assert.All(tables.Where(static table => !table.Name.Contains("vectors_", StringComparison.Ordinal)),
            table => Assert.Contains(table.Name, fenced));
    }

    [Theory]
    [InlineData("nowhere", ErrorCode.InvalidInput)]
    [InlineData("home", ErrorCode.Conflict)]
    public async Task Where_a_tenant_cannot_be_moved_is_said(string database, ErrorCode code)
    {
        Assert.Equal(ErrorCode.NotFound, (await store.FindMoveAsync(Mover, default)).Error?.Code);
        Assert.Equal(database == "home" ? ErrorCode.NotFound : code, (await store.MoveTenantAsync(Mover, database, default)).Error?.Code);
        await store.PlaceTenantAsync(Mover, TenantDatabase.Home, default);
        Assert.Equal(code, (await store.MoveTenantAsync(Mover, database, default)).Error?.Code);
    }

    private async Task WriteAsync(
        RoutedStore through, SampleTurns session, ConcurrentDictionary<string, long> acknowledged, ConcurrentBag<TimeSpan> held,
        CancellationToken stop)
    {
        var last = Stopwatch.GetTimestamp();
        for (var number = 1L; !stop.IsCancellationRequested; number++)
        {
            var commit = session.Next($"turn {number}");
            CommitStatus status;
            while ((status = await through.CommitAsync(commit)) == CommitStatus.Unavailable && !stop.IsCancellationRequested)
                await Task.Delay(20, CancellationToken.None); // A client's pause before it tries again.
            // Stale: an attempt that was answered as unavailable had taken place; then the turn is there.
            if (status == CommitStatus.Stale)
                Assert.Equal($"turn {number}", Assert.Single(await through.ReadTailAsync(session.Key, 1, default)).Content);
            if (status == CommitStatus.Unavailable)
                return;
            acknowledged[session.Key.Id] = number;
            held.Add(Stopwatch.GetElapsedTime(last));
            last = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>
    /// Follows the feed as a recall index does: every change once, in order, and never less than was acknowledged before it looked.
    /// </summary>
    private static async Task FollowAsync(
        RoutedStore through, PartitionKey partition, ConcurrentDictionary<string, long> acknowledged, CancellationToken stop)
    {
        var watermark = 0L;
        while (!stop.IsCancellationRequested)
        {
            var least = acknowledged.Values.Sum();
            await foreach (var changes in through.ReadSinceAsync(partition, watermark, default))
            {
                foreach (var change in changes)
                {
                    Assert.Equal(watermark + 1, change.Change);
                    watermark = change.Change;
                }
            }

            Assert.InRange(watermark, least, long.MaxValue);
            await Task.Delay(5, CancellationToken.None); // A reader's pace; nothing is waited for.
        }
    }

    private async Task FillAsync(string tenant)
    {
        var now = TimeProvider.System.GetUtcNow();
        var space = await store.OpenSpaceAsync("a model", 3, now, default);
        var (kept, gone) = (new SampleTurns("s", tenant), new SampleTurns("gone", tenant, userId: null));
        foreach (var commit in new[] { kept.Next("one", "two"), kept.Next("three"), gone.Next("four") })
            Assert.Equal(CommitStatus.Committed, await store.CommitAsync(commit));
        Assert.Equal(CommitStatus.Committed, await store.DeleteSessionAsync(gone.Key, gone.Version, now));
        await store.SaveAsync(space, tenant, "s", [new TurnVector(1, "turn-1", 0, [1, 0, 0])], default);
        var memory = new MemoryWrite(0, new SampleMemories(() => now).New("m", "a fact"));
        Assert.Equal(CommitStatus.Committed, await store.CommitMemoriesAsync(new MemoryCommit(tenant, [memory]), default));
        await store.SaveSettingsAsync(tenant, new TenantSettings(7), default);
        await store.AppendAuditAsync(tenant, new AuditEntry(now, "caller", "first", "subject"), default);
        await store.AppendAuditAsync(tenant, new AuditEntry(now, "caller", "second", "subject"), default);
        var key = new ApiKey("1111", "a key", ["read"], now, "test", KeySecret.Of(new string('a', KeyText.SecretLength), new byte[16]));
        Assert.True(await store.AddKeyAsync(tenant, key, 10, now.AddDays(-1), default));
        var graph = new GraphScript(() => store, tenant, () => now);
        var (ada, bob) = (await graph.AddAsync("Ada"), await graph.AddAsync("Bob"));
        await graph.SayAsync(ada, "She bakes.");
        await graph.LinkAsync(ada, bob);
        await store.WakeAsync(tenant, DueKinds.Retention, string.Empty, now.AddDays(1), default);
    }

    private async Task<TenantMove> EndOfMoveAsync()
    {
        TenantMove? move = null;
        await UntilAsync(async () => (move = (await store.FindMoveAsync(Mover, default)).Value).State >= MoveState.Done);
        return move!;
    }

    /// <summary>A move as a process leaves it that was killed a while ago.</summary>
    private Task LeaveAsync(int state)
    {
        var past = Timestamp.Of(TimeProvider.System.GetUtcNow().AddSeconds(-40));
        return RunAsync(databases.Home, $"""
            SELECT set_config('memory.tenant', '{Mover}', false);
            INSERT INTO moves (tenant, source, target, state, maker, heartbeat_at, started_at, held_from)
                VALUES ('{Mover}', 'home', 'second', {state}, 'dead', {past}, {past}, {past})
            """);
    }

    private static async Task<long> RowsAsync(PostgresStoreOptions options) =>
        (await DumpAsync(options, Mover)).Values.Sum(static rows => (long)rows.Count);

    private static async Task RunAsync(PostgresStoreOptions options, string sql)
    {
        await using var connection = await PostgresUnderTest.ConnectAsync(options);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Every row of a tenant as text, by table.</summary>
    private static async Task<Dictionary<string, List<string>>> DumpAsync(PostgresStoreOptions options, string tenant)
    {
        await using var connection = await PostgresUnderTest.ConnectAsync(options);
        await using (var bind = new NpgsqlCommand($"SELECT set_config('memory.tenant', '{tenant}', false)", connection))
            await bind.ExecuteNonQueryAsync();
        var dump = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var table in await TenantTable.ListAsync(connection, default))
        {
            var lines = dump[table.Name] = [];
            await using var command = new NpgsqlCommand($"SELECT x::text FROM {table.Name} x ORDER BY 1", connection);
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                lines.Add(rows.GetString(0));
        }

        return dump;
    }

    private static void AssertSame(Dictionary<string, List<string>> expected, Dictionary<string, List<string>> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, table => Assert.Equal(table.Value, actual[table.Key]));
    }

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        var came = await Eventually.SeesAsync(async () => (Holds: await holds(), Fault: unfinished.FirstOrDefault()),
            static seen => seen.Holds, Deadline);
        Assert.True(came.Holds);
    }

    private Task<RoutedStore> OpenAsync(MovePace? pace = null) => RoutedStore.OpenAsync(
        databases.Home, new Dictionary<string, PostgresStoreOptions> { ["second"] = databases.Second }, TimeProvider.System, pace ?? Pace);
}
