using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>Over tables large enough that PostgreSQL would scan them if it had no better way.</summary>
public sealed class QueryPlanTests : IAsyncLifetime
{
    private const int Tenants = 5, SessionsEach = 200, TurnsEach = 25, MemoriesEach = 1000;

    private static readonly string[] TenantTables =
    [
        "owners", "sessions", "turns", "removals", "tombstones", "idempotency", "due", "job_runs",
        "memories", "memory_versions", "memory_keys", "memory_citations",
        "graph_tenants", "graph_owners", "graph_entities", "graph_observations", "graph_relations", "graph_removals",
    ];

    private PostgresUnderTest under = null!;

    public async ValueTask InitializeAsync()
    {
        under = await PostgresUnderTest.OpenAsync();
        await using var connection = await under.ConnectAsync();
        foreach (var tenant in Enumerable.Range(0, Tenants))
        {
            // Written as the service's role, so under row-level security.
            await using var command = new NpgsqlCommand($"""
                SELECT set_config('memory.tenant', 'tenant{tenant}', true);
                INSERT INTO owners (tenant, user_id, head) SELECT 'tenant{tenant}', 'user' || u, 100000 FROM generate_series(0, 199) u;
                INSERT INTO sessions (tenant, id, user_id, agent_id, status, last_seq, version, created_at, updated_at)
                    SELECT 'tenant{tenant}', 's' || s, 'user' || s % 20, 'agent' || s % 7, 0, {TurnsEach}, 1, s, s FROM generate_series(1, {SessionsEach}) s;
                INSERT INTO turns (tenant, owner_key, change, session_key, seq, occurred_at, recorded_at, tokens, turn_id, role, content)
                    SELECT s.tenant, o.owner_key, s.session_key * 100 + n, s.session_key, n, n, n, 1, 'turn' || n, 'user', repeat('words ', 20)
                    FROM sessions s JOIN owners o USING (tenant, user_id), generate_series(1, {TurnsEach}) n;
                INSERT INTO removals SELECT 'tenant{tenant}', o.owner_key, r, 'gone' FROM owners o, generate_series(1, 5) r;
                INSERT INTO tombstones SELECT 'tenant{tenant}', 'gone' || g, 1, 1 FROM generate_series(1, 1000) g;
                INSERT INTO due (tenant, subject, kind, due_at, created_at) SELECT s.tenant, s.id, 'embed:' || n, s.created_at, 1 FROM sessions s, generate_series(1, 3) n;
                INSERT INTO memories (tenant, id, user_id, version, created_at, kind, tier, status, agent_id, session_id, change)
                    SELECT 'tenant{tenant}', 'm' || m, 'user' || m % 20, 1, m, 'kind' || m % 3, m % 2, m % 4, 'agent' || m % 7, 's' || m % 50, m FROM generate_series(1, {MemoriesEach}) m;
                INSERT INTO memory_versions (tenant, memory_key, version, kind, tier, status, importance, salience, salience_at, is_pinned, valid_from,
                        recorded_at, origin, made_by, operation, content)
                    SELECT m.tenant, m.memory_key, v, m.kind, m.tier, m.status, 0.5, 0.5, 1, false, 1, 1, 'rules', 1, 'op' || m.created_at, repeat('words ', 20)
                    FROM memories m, generate_series(1, 2) v;
                INSERT INTO memory_keys SELECT m.tenant, m.user_id, decode(md5(m.id), 'hex'), m.memory_key FROM memories m;
                INSERT INTO memory_citations SELECT m.tenant, m.session_id, m.id FROM memories m;
                INSERT INTO job_runs (tenant, kind, expected_at, progress, last_counts)
                    SELECT 'tenant{tenant}', 'kind' || k, k, json_build_object()::text, json_build_object()::text FROM generate_series(1, 2000) k;
                INSERT INTO graph_tenants VALUES ('tenant{tenant}', 1000);
                INSERT INTO graph_owners (tenant, user_id, head) SELECT 'tenant{tenant}', 'user' || u, 100000 FROM generate_series(0, 199) u;
                INSERT INTO graph_entities (tenant, id, user_id, agent_id, name, name_digest, type, version, created_at, updated_at, change, relations)
                    SELECT 'tenant{tenant}', 'e' || e, 'user' || e % 20, 'agent' || e % 7, 'name', int4send(e), 'type' || e % 5, 1, e, e, e, e % 9
                    FROM generate_series(1, 1000) e;
                INSERT INTO graph_observations (tenant, id, entity_key, content, content_digest, valid_from, recorded_at)
                    SELECT e.tenant, e.id || 'o' || n, e.entity_key, repeat('words ', 20), int4send(n), n, n FROM graph_entities e, generate_series(1, 4) n;
                INSERT INTO graph_relations (tenant, id, version, from_key, to_key, type, valid_from, recorded_at)
                    SELECT e.tenant, e.id || 'r' || n, 1, e.entity_key, o.entity_key, 'type' || n, n, n
                    FROM graph_entities e JOIN graph_entities o ON o.tenant = e.tenant AND o.created_at = e.created_at % 1000 + 1, generate_series(1, 4) n;
                INSERT INTO graph_removals SELECT 'tenant{tenant}', 'user' || r % 20, r, 'gone' FROM generate_series(1, 1000) r;
                INSERT INTO idempotency SELECT s.tenant, 'scope', s.id, s.session_key, 1, 1, 1, 4000000000000000, '' FROM sessions s;
                """, connection);
            await command.ExecuteNonQueryAsync();
        }

        await using var analyze = new NpgsqlCommand($"ANALYZE {string.Join(", ", TenantTables)}", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await under.DisposeAsync();

    [Fact]
    public async Task No_hot_query_scans_a_table_of_tenants()
    {
        Assert.True(HotQueries.All.Count >= 17);
        await using var connection = await under.ConnectAsync();
        foreach (var (name, sql) in HotQueries.All)
            AssertNoScan(name, await ExplainAsync(connection, sql));
    }

    [Fact]
    public async Task Sweeping_expired_records_of_all_tenants_goes_by_their_index()
    {
        await using var connection = await under.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var become = new NpgsqlCommand($"SELECT set_config('role', '{WorkerWrites.WorkerRole}', true)", connection))
            await become.ExecuteNonQueryAsync();
        var plan = await ExplainAsync(connection, WorkerWrites.ExpireSql);

        AssertNoScan("sweep", plan);
        Assert.Contains("idempotency_by_expiry", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Claiming_due_work_of_all_tenants_goes_by_its_index(bool newestFirst)
    {
        await using var connection = await under.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var become = new NpgsqlCommand($"SELECT set_config('role', '{WorkerWrites.WorkerRole}', true)", connection))
            await become.ExecuteNonQueryAsync();
        var plan = await ExplainAsync(connection, newestFirst ? DueClaims.ClaimNewestSql : DueClaims.ClaimSql);

        AssertNoScan("claim", plan);
        Assert.Contains("due_ready", plan, StringComparison.Ordinal);
    }

    /// <summary>Asked every second, at each look at the health, and every ten minutes: none goes through a table.</summary>
    [Theory]
    [InlineData(DueClaims.PeekSql, "due_ready", "due_dead")]
    [InlineData(DueClaims.LatestSql, "job_runs_expected")]
    [InlineData(DueClaims.TenantsWithoutSql, "owners_", "due_pkey")]
    public async Task What_is_asked_over_all_tenants_goes_by_indexes(string sql, params string[] indexes)
    {
        await using var connection = await under.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var become = new NpgsqlCommand($"SELECT set_config('role', '{WorkerWrites.WorkerRole}', true)", connection))
            await become.ExecuteNonQueryAsync();
        var plan = await ExplainAsync(connection, sql);

        AssertNoScan(sql, plan);
        foreach (var index in indexes)
            Assert.Contains(index, plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("partition head", "owners_pkey")]
    [InlineData("read feed", "turns_tenant_owner_key_change_key")]
    [InlineData("read tail", "turns_pkey")]
    [InlineData("find memory", "memories_tenant_id_key")]
    [InlineData("read memory feed", "memories_changed")]
    [InlineData("list memories", "memories_newest")]
    [InlineData("list memories AND m.user_id = $5", "memories_newest_of_user")]
    [InlineData("list memories AND m.session_id = $5", "memories_newest_of_session")]
    [InlineData("list memories AND m.kind = $5", "memories_newest_of_kind")]
    [InlineData("find memories that cite", "memory_citations_pkey")]
    [InlineData("list sessions", "sessions_newest")]
    [InlineData("list sessions AND s.user_id = $5", "sessions_newest_of_user")]
    [InlineData("list sessions AND s.agent_id = $5", "sessions_newest_of_agent")]
    [InlineData("find entity", "graph_entities_tenant_id_key")]
    [InlineData("graph head", "graph_owners_pkey")]
    [InlineData("list entities", "graph_entities_newest")]
    [InlineData("list entities AND e.type = $5", "graph_entities_newest_of_type")]
    [InlineData("most connected entities", "graph_entities_most_connected")]
    public async Task The_hottest_queries_use_the_index_made_for_them_and_need_no_sort(string name, string index)
    {
        await using var connection = await under.ConnectAsync();
        var plan = await ExplainAsync(connection, HotQueries.All.Single(query => query.Name == name).Sql);

        Assert.Contains($" {index} ", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort  (", plan, StringComparison.Ordinal);
    }

    /// <summary>The plans of what really runs, functions and custom plans included, by PostgreSQL's own count of scans.</summary>
    [Fact]
    public async Task Reads_writes_and_deletions_leave_the_count_of_scans_where_it_was()
    {
        await using var connection = await under.ConnectAsync();
        var before = await CountScansAsync(connection);
        var store = under.Store;
        for (var i = 1; i <= 8; i++)
            await UseAsync(store, $"s{i}");
        await store.RemoveExpiredAsync(DateTimeOffset.UnixEpoch, default);

        Assert.Equal(before, await CountScansAsync(connection));
    }

    private static async Task UseAsync(PostgresStore store, string id)
    {
        const string tenant = "tenant1";
        var key = new SessionKey(tenant, id);
        await store.FindSessionAsync(key, default);
        await store.ReadTurnsAsync(key, 3, 10, default);
        await store.ReadTailAsync(key, 10, default);
        await store.FindTurnsAsync(key, ["turn1", "turn2"], default);
        await store.ReadTurnsAsync(tenant, [.. Enumerable.Range(1, 50).Select(n => new TurnAddress($"s{n}", n % 25))], default);
        await store.FindIdempotencyAsync(tenant, "scope", id, DateTimeOffset.UnixEpoch, default);
        foreach (var filter in new[] { new SessionFilter(), new("user1"), new("user1", "agent1"), new(Status: SessionStatus.Open) })
            await store.ListSessionsAsync(tenant, filter, null, 10, default);
        await store.HeadAsync(new PartitionKey(tenant, "user1"), default);
        await foreach (var batch in store.ReadSinceAsync(new PartitionKey(tenant, "user1"), 0, default))
            Assert.NotEmpty(batch);
        await store.ListHeadsAsync(tenant, default);
        await store.SummarizeAsync(tenant, default);
        var claimed = await store.ClaimAsync(["embed:1"], 2, DateTimeOffset.UnixEpoch.AddDays(1), TimeSpan.FromSeconds(1), default);
        Assert.True(await store.FinishAsync(claimed[0], 1, DateTimeOffset.UnixEpoch, default));
        Assert.True(await store.RetryAsync(claimed[1], 1, DateTimeOffset.UnixEpoch.AddDays(9), "why", DateTimeOffset.UnixEpoch, default));
        await store.ListAsync(tenant, null, null, null, 10, default);
        var memory = new SampleMemories(static () => DateTimeOffset.UnixEpoch)
            .New($"memory-{id}", "content", "user1", new SourceTurn(id, "turn1", 1));
        var written = new MemoryCommit(tenant, [SampleMemories.Write(memory, "key")]) { Wakes = [("kind", id, DateTimeOffset.UnixEpoch)] };
        Assert.Equal(CommitStatus.Committed, await store.CommitMemoriesAsync(written, default));
        await store.SaveSalienceAsync(tenant, [new SalienceUpdate(memory.Id, new Salience(1, DateTimeOffset.UnixEpoch.AddDays(1)))],
            default);
        await store.FindByKeysAsync(tenant, "user1", ["key"], default);
        await store.FindCitingAsync(tenant, id, null, 10, default);
        await store.ListMemoriesAsync(tenant, new MemoryFilter(UserId: "user1"), null, 10, default);
        await foreach (var batch in store.MemoryFeed.ReadSinceAsync(new PartitionKey(tenant, "user1"), 1, default))
            Assert.NotEmpty(batch);
        await UseGraphAsync(store, tenant, id);
        var commit = new SampleTurns($"new-{id}", tenant, "user1").Next("one", "two")
            with { Wakes = [new Wake("embed:1", DateTimeOffset.UnixEpoch)] };
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(commit));
        Assert.Equal(CommitStatus.Committed, await store.DeleteSessionAsync(commit.Key, 1, DateTimeOffset.UnixEpoch));
    }

    private static async Task UseGraphAsync(IGraphStore store, string tenant, string id)
    {
        var now = new GraphMoment(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        foreach (var filter in new[] { new EntityFilter(), new("type1"), new(UserId: "user1"), new("type1", "user1", "agent1") })
            await store.ListEntitiesAsync(tenant, filter, null, 10, default);
        await store.FindEntitiesAsync(tenant, [.. Enumerable.Range(1, 50).Select(static n => $"e{n}")], default);
        await store.ReadObservationsAsync(tenant, [.. Enumerable.Range(1, 50).Select(static n => $"e{n}")], now, 10, default);
        await store.ReadRelationsAsync(tenant, [.. Enumerable.Range(1, 200).Select(static n => new NeighbourQuery($"e{n}"))], now, 100,
            default);
        await store.SummarizeGraphAsync(tenant, 10, 10, default);
        await foreach (var batch in store.Documents.ReadSinceAsync(new PartitionKey(tenant, "user1"), 0, default))
            Assert.NotEmpty(batch);
        await store.Documents.ListHeadsAsync(tenant, default);
        var script = new GraphScript(() => store, tenant, static () => DateTimeOffset.UnixEpoch);
        var (start, to) = (await script.AddAsync($"from-{id}"), await script.AddAsync($"to-{id}"));
        var said = await script.SayAsync(start, "words");
        await store.FindSaidAsync(tenant, start.Id, "words", default);
        await store.FindObservationAsync(tenant, said.Id, default);
        await script.CommitAsync(new ObservationErased(start.Id, said.Id), new EntityWrite(1, start with { Version = 2 }));
        var link = await script.LinkAsync(start, to);
        await store.FindOpenRelationAsync(tenant, start.Id, to.Id, "knows", default);
        await script.CommitAsync(new RelationSuperseded(link.Id, 1, null, DateTimeOffset.UnixEpoch),
            new RelationAdded(link with { Version = 2 }));
        await store.FindRelationAsync(tenant, link.Id, default);
        Assert.Equal(CommitStatus.Committed, (await store.DeleteEntityAsync(tenant, start.Id, 2, DateTimeOffset.UnixEpoch)).Status);
    }

    private static void AssertNoScan(string name, string plan)
    {
        foreach (var table in TenantTables)
            Assert.False(plan.Contains($"Seq Scan on {table}", StringComparison.Ordinal), $"{name}:\n{plan}");
    }

    /// <summary>The plan for parameters of any value, as a prepared statement comes to have it.</summary>
    private static async Task<string> ExplainAsync(NpgsqlConnection connection, string sql)
    {
        var parameters = Enumerable.Range(1, 12).TakeWhile(n => sql.Contains($"${n}", StringComparison.Ordinal)).Select(static _ => "NULL");
        foreach (var statement in new[] { "SET plan_cache_mode = force_generic_plan", "DEALLOCATE ALL", $"PREPARE explained AS {sql}" })
        {
            await using var prepare = new NpgsqlCommand(statement, connection);
            await prepare.ExecuteNonQueryAsync();
        }

        var given = string.Join(", ", parameters);
        await using var command = new NpgsqlCommand($"EXPLAIN EXECUTE explained{(given.Length == 0 ? given : $" ({given})")}", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        return string.Join('\n', lines);
    }

    private async Task<string> CountScansAsync(NpgsqlConnection connection)
    {
        // What a session did is counted when it ends at the latest.
        await under.Store.DisposeAsync();
        await ScalarAsync(connection, "SET application_name = 'counting'");
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await ScalarAsync(connection,
            $"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{under.Options.Schema}'") is not 0L)
            deadline.Token.ThrowIfCancellationRequested();
        await ScalarAsync(connection, "SELECT pg_stat_clear_snapshot()");
        var counts = await ScalarAsync(connection, $"""
            SELECT string_agg(relname || ' ' || seq_scan, ', ' ORDER BY relname) FROM pg_stat_user_tables
            WHERE schemaname = current_schema() AND relname IN ('{string.Join("', '", TenantTables)}')
            """);
        await under.ReopenAsync();
        return (string)counts!;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
