using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Storage.Conformance;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>Indexes of tenants that have outgrown exact search, made when a tenant has more than 40 vectors.</summary>
public sealed class NearIndexTests : IAsyncLifetime
{
    private const int Dimensions = 8, Large = 400;
    private const string LargeTenant = "tenant-'large'", SmallTenant = "tenant-small";

    private readonly Dictionary<(string Tenant, string Session), SampleTurns> samples = [];
    private PostgresUnderTest under = null!;
    private VectorSpace space = null!;

    public async ValueTask InitializeAsync()
    {
        under = await PostgresUnderTest.OpenAsync(options => options with { VectorExactMax = 40, VectorBuildMegabytes = 64 });
        space = await under.Store.OpenSpaceAsync("model", Dimensions, DateTimeOffset.UnixEpoch, default);
        await FillAsync(LargeTenant, "s1", "ada", Large);
        await FillAsync(LargeTenant, "s2", "bob", 20);
        await FillAsync(SmallTenant, "s1", "ada", 30);
        await using var connection = await under.ConnectAsync();
        await using var analyze = new NpgsqlCommand($"ANALYZE {SpaceTable.NameOf(space.Id)}", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await under.DisposeAsync();

    [Fact]
    public async Task Only_the_tenant_that_has_outgrown_exact_search_gets_an_index_and_gets_it_once()
    {
        Assert.Contains(LargeTenant, Assert.Single(await under.Store.TendIndexesAsync(default)), StringComparison.Ordinal);
        Assert.Equal([NearIndex.NameOf(space.Id, LargeTenant)], await IndexesAsync());
        Assert.Empty(await under.Store.TendIndexesAsync(default));
    }

    [Fact]
    public async Task Answers_by_the_index_are_those_of_the_exact_search()
    {
        var exact = await AskAllAsync();
        Assert.NotEmpty(await under.Store.TendIndexesAsync(default));
        // Another process, which has not asked yet whether there is an index.
        await under.ReopenAsync();
        var near = await AskAllAsync();

        Assert.Equal(exact.Count, near.Count);
        var found = exact.Zip(near, static (all, some) => all.Count(some.Contains)).Sum();
        Assert.InRange((double)found / exact.Sum(static hits => hits.Count), 0.95, 1);
        Assert.All(near, hits => Assert.Equal(hits.OrderByDescending(hit => hit.Cosine), hits));
    }

    [Fact]
    public async Task The_outgrown_tenant_is_searched_by_its_index_and_the_small_one_by_its_key()
    {
        await under.Store.TendIndexesAsync(default);
        var queries = VectorQueries.Of(space);
        var index = NearIndex.NameOf(space.Id, LargeTenant);

        var near = await ExplainAsync(queries.Near(ofUsers: false, rows: 31), LargeTenant, []);
        Assert.Contains($"Index Scan using {index}", near, StringComparison.Ordinal);
        var nearOfUser = await ExplainAsync(queries.Near(ofUsers: true, rows: 31), LargeTenant, ["ada"]);
        Assert.Contains($"Index Scan using {index}", nearOfUser, StringComparison.Ordinal);
        foreach (var (tenant, users) in new[] { (SmallTenant, (string[])[]), (SmallTenant, ["ada"]), (LargeTenant, ["bob"]) })
        {
            var exact = await ExplainAsync(queries.Exact(ofUsers: users.Length > 0), tenant, users);
            Assert.DoesNotContain("Seq Scan", exact, StringComparison.Ordinal);
            Assert.DoesNotContain("_near_", exact, StringComparison.Ordinal);
            Assert.Contains($"{SpaceTable.NameOf(space.Id)}_", exact, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_tenant_that_shrank_loses_its_index()
    {
        await under.Store.TendIndexesAsync(default);
        var sample = samples[(LargeTenant, "s1")];
        await under.Store.DeleteSessionAsync(sample.Key, sample.Version, DateTimeOffset.UnixEpoch);
        Assert.Empty(await under.Store.TendIndexesAsync(default));
        sample = samples[(LargeTenant, "s2")];
        await under.Store.DeleteSessionAsync(sample.Key, sample.Version, DateTimeOffset.UnixEpoch);

        Assert.Single(await under.Store.TendIndexesAsync(default));
        Assert.Empty(await IndexesAsync());
        // Until this process asks again it searches as if there were one.
        Assert.Empty(await under.Store.SearchAsync(space, LargeTenant, null, Vector(1), 10, default));
    }

    [Fact]
    public async Task An_index_left_half_built_is_made_anew()
    {
        await under.Store.TendIndexesAsync(default);
        var index = NearIndex.NameOf(space.Id, LargeTenant);
        await using (var connection = await under.ConnectAsync())
        {
            // A build that was killed leaves what a build leaves that ran out of time.
            await using var drop = new NpgsqlCommand($"DROP INDEX {index}", connection);
            await drop.ExecuteNonQueryAsync();
            await using var reader = await under.ConnectAsync();
            await using var open = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
            await using (var hold = new NpgsqlCommand($"SELECT count(*) FROM {SpaceTable.NameOf(space.Id)}", reader))
                await hold.ExecuteScalarAsync();
            await using var hurried = new NpgsqlCommand("SET statement_timeout = 300", connection);
            await hurried.ExecuteNonQueryAsync();
            await using var build = new NpgsqlCommand(NearIndex.CreateSql(space.Id, LargeTenant), connection);
            await Assert.ThrowsAsync<PostgresException>(() => build.ExecuteNonQueryAsync());
        }

        Assert.Equal(2, (await under.Store.TendIndexesAsync(default)).Count);
        Assert.Equal([index], await IndexesAsync());
        Assert.Empty(await under.Store.TendIndexesAsync(default));
    }

    private async Task FillAsync(string tenant, string session, string user, int count)
    {
        var sample = new SampleTurns(session, tenant, user);
        samples.Add((tenant, session), sample);
        var commit = sample.Next([.. Enumerable.Range(0, count).Select(i => $"turn {i}")]);
        await under.Store.CommitAsync(commit);
        await under.Store.SaveAsync(space, tenant, session,
            [.. commit.Turns.Select(turn => new TurnVector(turn.Seq, turn.Id, 0, Vector(turn.Seq)))], default);
    }

    private async Task<List<IReadOnlyList<VectorHit>>> AskAllAsync()
    {
        var answers = new List<IReadOnlyList<VectorHit>>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(await under.Store.SearchAsync(space, LargeTenant, null, Vector(1_000 + i), 10, default));
            answers.Add(await under.Store.SearchAsync(space, LargeTenant, ["ada"], Vector(1_000 + i), 10, default));
            answers.Add(await under.Store.SearchAsync(space, LargeTenant, ["bob"], Vector(1_000 + i), 10, default));
        }

        return answers;
    }

    /// <summary>A unit vector that only the number decides.</summary>
    private static float[] Vector(long number)
    {
        var vector = Enumerable.Range(0, Dimensions).Select(i => MathF.Sin((number * (i + 1)) + (i * i))).ToArray();
        var length = MathF.Sqrt(vector.Sum(static element => element * element));
        return [.. vector.Select(element => element / length)];
    }

    private async Task<string[]> IndexesAsync()
    {
        await using var connection = await under.ConnectAsync();
        await using var command = new NpgsqlCommand(
            "SELECT coalesce(array_agg(c.relname::text), '{}') FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'i' AND c.relname LIKE '%near%'",
            connection);
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The plan as the service's role runs the query: its parameters, its settings, under forced row-level security.</summary>
    private async Task<string> ExplainAsync(TenantQuery<VectorQuestion, List<NearVector>> query, string tenant, string[] users)
    {
        await using var source = DataSource.Build(under.Options with { PoolSize = 1 });
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        var bind = new NpgsqlBatchCommand(query.BindSql);
        bind.Parameters.AddText(tenant);
        batch.BatchCommands.Add(bind);
        var explain = new NpgsqlBatchCommand($"EXPLAIN {query.Sql}");
        query.Bind(explain.Parameters, tenant, new VectorQuestion(HalfVectors.Of(Vector(1)), users, 31));
        batch.BatchCommands.Add(explain);
        await using var rows = await batch.ExecuteReaderAsync();
        await rows.NextResultAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        return string.Join('\n', lines);
    }
}
