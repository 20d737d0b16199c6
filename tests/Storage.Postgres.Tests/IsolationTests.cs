using MemoryOrleans.Graph;
using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Tenancy;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>Raw SQL under the service's own role, which owns the tables: whatever a query forgets, tenants stay apart.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private const string Mine = "tenant-mine";
    private const string Theirs = "tenant-theirs";

    private const string TenantTablesSql = """
        SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
        """;

    private PostgresUnderTest under = null!;
    private NpgsqlConnection connection = null!;
    private VectorSpace space = null!;
    private string[] all = [];
    private string[] tables = [];

    public async ValueTask InitializeAsync()
    {
        under = await PostgresUnderTest.OpenAsync();
        space = await under.Store.OpenSpaceAsync("model", 3, DateTimeOffset.UnixEpoch, default);
        foreach (var tenant in new[] { Mine, Theirs })
            await FillAsync(tenant);
        connection = await under.ConnectAsync();
        all = (await QueryAsync(TenantTablesSql)).Split('\n');
        // A tenant with a row in it could write nothing, and it has no other column.
        tables = [.. all.Where(static table => table != "fences")];
        foreach (var tenant in new[] { Mine, Theirs })
        {
            await under.Store.TenantKeys.KeepKeyAsync(new TenantKey(tenant, 1, "k1", [1]), default);
            await under.Store.PlaceAsync(tenant, "home", default);
            await under.Store.BeginMoveAsync(tenant, "home", "second", "maker", default);
            await ExecuteAsync($"""
                INSERT INTO tenant_erasures (tenant, id, requester, requester_tenant, requested_at, rows_removed)
                VALUES ('{tenant}', 'before', 'key:1', 'ops', 0, 'turns=1')
                """, tenant);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await under.DisposeAsync();
    }

    [Fact]
    public async Task Every_table_of_tenants_has_row_level_security_enabled_and_forced()
    {
        Assert.Equal(
            [
                "api_keys", "audit", "audit_anchors", "due", $"entity_vectors_{space.Id}", "erasure_items", "erasures", "event_heads",
                "events", "fences",
                "graph_aliases", "graph_citations", "graph_entities", "graph_observations", "graph_owners", "graph_relations",
                "graph_removals", "graph_tenants",
                "idempotency", "job_runs", "memories", "memory_citations", "memory_keys", $"memory_vectors_{space.Id}", "memory_versions",
                "moves", "owners",
                "placements", "removals", "sessions",
                "tenant_erasures", "tenant_keys", "tenant_settings", "tombstones", "turns", $"vectors_{space.Id}", "webhook_deliveries", "webhooks",
            ],
            all);
        const string unprotected = """
            SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
            """;
        Assert.Equal("", await QueryAsync(unprotected));
        Assert.Equal("", await QueryAsync("""
            SELECT i.indexrelid::regclass::text FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'tenant'
            WHERE i.indrelid::regclass::text = ANY (SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace)
              AND i.indisunique AND i.indkey[0] <> a.attnum
            """));
    }

    [Fact]
    public async Task Without_a_tenant_or_with_a_wrong_one_nothing_is_seen()
    {
        foreach (var table in tables)
        {
            Assert.Equal("0", await QueryAsync($"SELECT count(*) FROM {table}"));
            Assert.Equal("0", await QueryAsync($"SELECT count(*) FROM {table}", tenant: ""));
            Assert.Equal("0", await QueryAsync($"SELECT count(*) FROM {table}", tenant: "tenant-nobody"));
            Assert.Equal("0", await QueryAsync($"SELECT count(*) FROM {table} WHERE tenant = '{Mine}'", tenant: Theirs));
            Assert.NotEqual("0", await QueryAsync($"SELECT count(*) FROM {table}", tenant: Mine));
            Assert.Equal(Mine, await QueryAsync($"SELECT DISTINCT tenant FROM {table} WHERE true OR tenant <> tenant", tenant: Mine));
        }
    }

    [Fact]
    public async Task Joins_and_subqueries_do_not_cross()
    {
        Assert.Equal(Mine, await QueryAsync(
            "SELECT DISTINCT t.tenant || coalesce(nullif(s.tenant, t.tenant), '') FROM turns t CROSS JOIN sessions s", tenant: Mine));
        Assert.Equal("0", await QueryAsync($"SELECT count(*) FROM sessions s JOIN turns t USING (session_key) WHERE t.tenant = '{Theirs}'",
            tenant: Mine));
        Assert.Equal("0", await QueryAsync(
            $"WITH stolen AS (SELECT content FROM turns WHERE content LIKE '%{Theirs}%') SELECT count(*) FROM stolen", tenant: Mine));
    }

    [Fact]
    public async Task Updates_and_deletions_touch_own_rows_only()
    {
        foreach (var table in tables)
        {
            var before = await QueryAsync($"SELECT md5(string_agg(x::text, '' ORDER BY x::text)) FROM {table} x", tenant: Theirs);
            if (table is "audit" or "audit_anchors")
                await RefusedAsync($"UPDATE {table} SET tenant = tenant", Mine);
            else
                await ExecuteAsync($"UPDATE {table} SET tenant = tenant", Mine);
            await ExecuteAsync($"DELETE FROM {table} WHERE tenant = '{Theirs}'", Mine);
            Assert.Equal(before, await QueryAsync($"SELECT md5(string_agg(x::text, '' ORDER BY x::text)) FROM {table} x", tenant: Theirs));
        }

        await ExecuteAsync("DELETE FROM idempotency; DELETE FROM turns; DELETE FROM sessions", Mine);
        Assert.Equal("0", await QueryAsync("SELECT count(*) FROM turns", tenant: Mine));
        Assert.NotEqual("0", await QueryAsync("SELECT count(*) FROM turns", tenant: Theirs));
    }

    [Fact]
    public async Task The_audit_trail_is_only_added_to()
    {
        await RefusedAsync("DELETE FROM audit", Mine);
        await RefusedAsync("UPDATE audit SET outcome = '200'", Mine);
        Assert.NotEqual("0", await QueryAsync("SELECT count(*) FROM audit", tenant: Mine));
    }

    [Fact]
    public async Task Rows_for_another_tenant_can_be_neither_inserted_nor_handed_over()
    {
        foreach (var table in tables)
        {
            var columns = await QueryAsync($"""
                SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
                WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'tenant' AND attidentity = ''
                """);
            await RefusedAsync($"INSERT INTO {table} (tenant, {columns}) SELECT '{Theirs}', {columns} FROM {table}", Mine);
            await RefusedAsync($"INSERT INTO {table} (tenant, {columns}) SELECT tenant, {columns} FROM {table}", tenant: null,
                whenRead: Mine);
            await RefusedAsync($"UPDATE {table} SET tenant = '{Theirs}'", Mine);
        }
    }

    [Fact]
    public async Task The_worker_sees_ids_of_all_tenants_and_no_content()
    {
        Assert.Equal("2", await QueryAsync(
            "SELECT count(DISTINCT tenant) FROM (SELECT set_config('role', 'memory_worker', true)) r, LATERAL (SELECT tenant FROM idempotency) i", role: "memory_worker"));
        foreach (var table in new[] { "removals", "sessions", "tombstones", "turns" })
            await RefusedAsync($"SELECT count(*) FROM {table}", tenant: Mine, role: "memory_worker");
        foreach (var (table, column) in new[] { ("owners", "user_id"), ($"vectors_{space.Id}", "embedding"),
            ($"vectors_{space.Id}", "owner_key") })
        {
            Assert.Equal("2", await QueryAsync($"SELECT count(DISTINCT tenant) FROM {table}", role: "memory_worker"));
            await RefusedAsync($"SELECT {column} FROM {table}", tenant: Mine, role: "memory_worker");
            await RefusedAsync($"UPDATE {table} SET tenant = tenant", tenant: Mine, role: "memory_worker");
            await RefusedAsync($"DELETE FROM {table}", tenant: Mine, role: "memory_worker");
        }

        Assert.Equal("2", await QueryAsync("SELECT count(DISTINCT tenant) FROM due", role: "memory_worker"));
        await RefusedAsync("DELETE FROM due", tenant: Mine, role: "memory_worker");
        await RefusedAsync("UPDATE due SET tenant = tenant", tenant: Mine, role: "memory_worker");
        await RefusedAsync("UPDATE due SET subject = ''", tenant: Mine, role: "memory_worker");
        await RefusedAsync("INSERT INTO due (tenant, subject, kind, due_at, created_at) VALUES ('x', '', 'x', 0, 0)", tenant: Mine,
            role: "memory_worker");
        await RefusedAsync("SELECT digest FROM idempotency", tenant: Mine, role: "memory_worker");
        await RefusedAsync("UPDATE idempotency SET expires_at = 0", tenant: Mine, role: "memory_worker");
    }

    [Fact]
    public async Task A_pooled_connection_forgets_the_tenant_after_every_call()
    {
        var one = await PostgresUnderTest.OpenAsync(options => options with { PoolSize = 2, MaxOverflow = 0, CommitConnections = 1 });
        await one.Store.CommitAsync(new SampleTurns("s", Mine).Next("hello"));
        Assert.Single(await one.Store.ReadTurnsAsync(new SessionKey(Mine, "s"), 0, 10, default));
        Assert.Empty(await one.Store.ReadTurnsAsync(new SessionKey(Theirs, "s"), 0, 10, default));
        await one.DisposeAsync();
    }

    [Fact]
    public async Task A_table_whose_security_is_not_forced_keeps_the_store_from_opening()
    {
        await ExecuteAsync("ALTER TABLE turns NO FORCE ROW LEVEL SECURITY", Mine);

        var refused = await Assert.ThrowsAsync<StoreIsolationException>(under.ReopenAsync);
        Assert.Contains("turns", refused.Message, StringComparison.Ordinal);
    }

    private async Task FillAsync(string tenant)
    {
        var (kept, doomed) = (new SampleTurns("kept", tenant), new SampleTurns("doomed", tenant));
        await under.Store.CommitAsync(doomed.Next("soon gone"));
        await under.Store.DeleteSessionAsync(doomed.Key, doomed.Version, DateTimeOffset.UnixEpoch);
        var commit = kept.Next($"said in {tenant}", "and more");
        var record = new IdempotencyRecord("scope", "key", new byte[32], "kept", 1, 2, 1, DateTimeOffset.UnixEpoch.AddYears(100));
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(commit with { Idempotency = record }));
        var memory = new SampleMemories(static () => DateTimeOffset.UnixEpoch)
            .New("memory", $"remembered in {tenant}", "ada", new SourceTurn("kept", "t", 1));
        Assert.Equal(CommitStatus.Committed,
            await under.Store.CommitMemoriesAsync(new MemoryCommit(tenant, [SampleMemories.Write(memory, "key")]), default));
        await under.Store.SaveAsync(space, tenant, "kept", [new TurnVector(1, commit.Turns[0].Id, 0, [1, 0, 0])], default);
        Assert.Empty(await under.Store.SaveMemoriesAsync(space, tenant, [new DocumentVector("memory", 1, [1, 0, 0])], default));
        await under.Store.SaveRunAsync(tenant, new JobRun("retention", DateTimeOffset.UnixEpoch), default);
        await under.Store.SaveSettingsAsync(tenant, new TenantSettings(1), default);
        var key = new ApiKey("1111", "a key", ["read"], DateTimeOffset.UnixEpoch, "test",
            KeySecret.Of(new string('a', KeyText.SecretLength), new byte[16]));
        await under.Store.AddKeyAsync(tenant, key, 10, DateTimeOffset.UnixEpoch, default);
        await under.Store.AppendAuditAsync(tenant, new AuditEntry(DateTimeOffset.UnixEpoch, "test", "export", string.Empty), default);
        Assert.Equal(1, await under.Store.PruneAuditAsync(tenant, DateTimeOffset.UnixEpoch.AddDays(1), 1,
            DateTimeOffset.UnixEpoch.AddDays(2), default));
        await FillGraphAsync(tenant);
        var webhook = new Webhook("1111111111111111", "https://receiver.example", [EventKinds.All[0]], DateTimeOffset.UnixEpoch, "test",
            new byte[24]);
        Assert.True(await under.Store.AddWebhookAsync(tenant, webhook, 10, default));
        Assert.NotNull(await under.Store.TestWebhookAsync(tenant, webhook.Id, DateTimeOffset.UnixEpoch, default));
        var erasure = new Erasure("erasure", new ErasureTarget(ErasureKind.Session, "kept"), "test", DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch);
        await under.Store.BeginErasureAsync(tenant, erasure,
            new AuditEntry(DateTimeOffset.UnixEpoch, "test", "erasure.requested", "session:kept"), DateTimeOffset.UnixEpoch, default);
        await under.Store.NoteErasedAsync(tenant, erasure.Id, ["memory\tm"], new ErasureCounts(), default);
    }

    private async Task FillGraphAsync(string tenant)
    {
        var graph = new GraphScript(() => under.Store, tenant, static () => DateTimeOffset.UnixEpoch);
        var (ada, bob, doomed) = (await graph.AddAsync("Ada"), await graph.AddAsync("Bob"), await graph.AddAsync("Eve"));
        await graph.CommitAsync(new EntityWrite(0, graph.Draft("Fay") with { Aliases = ["Faye"] }));
        await graph.SayAsync(ada, $"said in {tenant}");
        await graph.LinkAsync(ada, bob);
        await under.Store.DeleteEntityAsync(tenant, doomed.Id, 1, DateTimeOffset.UnixEpoch);
        var documents = await under.Store.ReadDocumentsAsync(tenant, [ada.Id], default);
        Assert.Empty(await under.Store.SaveEntitiesAsync(space, tenant, [new DocumentVector(ada.Id, documents[0].Change, [1, 0, 0])],
            default));
    }

    private async Task RefusedAsync(string sql, string? tenant, string? whenRead = null, string? role = null)
    {
        if (whenRead is not null)
        {
            // Without a tenant nothing is read, so nothing would be inserted: a row is made up instead.
            sql = $"SELECT set_config('memory.tenant', '', true); INSERT INTO owners (tenant, user_id) VALUES ('{whenRead}', 'eve')";
        }

        var error = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql, tenant ?? "", role));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    private Task ExecuteAsync(string sql, string tenant, string? role = null) => QueryAsync(sql, tenant, role);

    /// <summary>First column of all rows, a line each, in a transaction that is rolled back when it fails.</summary>
    private async Task<string> QueryAsync(string sql, string? tenant = null, string? role = null)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        if (tenant is not null)
            await RunAsync("SELECT set_config('memory.tenant', $1, true)", tenant);
        if (role is not null)
            await RunAsync("SELECT set_config('role', $1, true)", role);
        var lines = new List<string>();
        await using (var command = new NpgsqlCommand(sql, connection))
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
                lines.Add(rows.IsDBNull(0) ? "null" : rows.GetValue(0).ToString()!);
        }

        await transaction.CommitAsync();
        return string.Join('\n', lines);
    }

    private async Task RunAsync(string sql, string value)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
        await command.ExecuteNonQueryAsync();
    }
}
