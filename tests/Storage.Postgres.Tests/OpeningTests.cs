using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Sessions;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class OpeningTests
{
    private static readonly string[] Migrations =
    [
        "0001_turn_log", "0002_worker_role", "0003_commit_turns", "0004_due_work_and_spaces", "0005_memories", "0006_graph", "0007_erasure",
        "0008_job_runs", "0009_tenant_settings", "0010_vectors_of_followers", "0011_audit_chain", "0012_memory_vectors",
        "0013_person_clock_and_aliases", "0014_keys_and_audit_anchors", "0015_events_and_webhooks", "0016_tenants_databases",
        "0017_tenant_keys",
        "0018_entity_vectors", "0019_tenant_erasures",
    ];

    [Fact]
    public async Task Processes_starting_at_once_migrate_once()
    {
        var options = await PostgresUnderTest.NewOptionsAsync();
        var applied = await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => Task.Run(() => PostgresStore.MigrateAsync(options, TimeProvider.System, dryRun: false))));

        Assert.Equal(Migrations, applied.SelectMany(names => names).Order(StringComparer.Ordinal));
        Assert.Empty(await PostgresStore.MigrateAsync(options, TimeProvider.System, dryRun: false));
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresStore.OpenAsync(options, TimeProvider.System)));
        foreach (var store in stores)
            await store.DisposeAsync();
        await PostgresUnderTest.DropAsync(options);
    }

    [Fact]
    public async Task A_dry_run_names_what_it_would_apply_and_changes_nothing()
    {
        var options = await PostgresUnderTest.NewOptionsAsync();

        Assert.Equal(Migrations, await PostgresStore.MigrateAsync(options, TimeProvider.System, dryRun: true));
        Assert.Equal(Migrations, await PostgresStore.MigrateAsync(options, TimeProvider.System, dryRun: true));
        Assert.Equal(Migrations, await PostgresStore.MigrateAsync(options, TimeProvider.System, dryRun: false));
        Assert.Empty(await PostgresStore.MigrateAsync(options, TimeProvider.System, dryRun: true));
        await PostgresUnderTest.DropAsync(options);
    }

    [Fact]
    public async Task A_database_of_a_newer_release_is_refused_and_left_alone()
    {
        await using var under = await PostgresUnderTest.OpenAsync();
        await ExecuteAsync(under, "INSERT INTO schema_migrations (number, name, applied_at) VALUES (9999, 'later', 1)");

        var refused = await Assert.ThrowsAsync<StoreSchemaTooNewException>(under.ReopenAsync);
        Assert.Contains("9999", refused.Message, StringComparison.Ordinal);
        await ExecuteAsync(under, "DELETE FROM schema_migrations WHERE number = 9999");
        await under.ReopenAsync();
    }

    [Fact]
    public async Task The_service_s_role_is_plain_and_does_not_inherit_the_worker_s_rights()
    {
        await using var under = await PostgresUnderTest.OpenAsync();
        await using var connection = await under.ConnectAsync();
        await using var command = new NpgsqlCommand(
            "SELECT rolsuper OR rolbypassrls OR pg_has_role(oid, 'memory_worker', 'USAGE') FROM pg_roles WHERE rolname = session_user",
            connection);
        Assert.Equal(false, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Nobody_at_the_address_is_unavailable()
    {
        var options = new PostgresStoreOptions { Url = "postgres://memory:secret@127.0.0.1:1/memory" };

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresStore.OpenAsync(options, TimeProvider.System));
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_repeating_it()
    {
        var url = new UriBuilder(await TestServer.UrlAsync()) { Password = "wrong-secret" }.ToString();

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => PostgresStore.OpenAsync(new PostgresStoreOptions { Url = url }, TimeProvider.System));
        Assert.DoesNotContain("wrong-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_out_of_range_are_all_named_at_once()
    {
        var options = new PostgresStoreOptions
        {
            Url = "sqlite:memory.db", Schema = "Memory; --", PoolSize = 0, MaxOverflow = -1, CommitConnections = 0, QueueCapacity = 1,
            GroupTurnsMax = 0, ConnectTimeout = TimeSpan.Zero, CommandTimeout = TimeSpan.Zero, KeepAlive = TimeSpan.FromDays(1),
            ConnectionLifetime = TimeSpan.FromDays(2), DrainTimeout = TimeSpan.FromHours(1), VectorExactMax = -1, VectorBuildMegabytes = 1,
        };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => PostgresStore.OpenAsync(options, TimeProvider.System));
        Assert.Equal(15, options.FindErrors().Count);
        Assert.All(options.FindErrors(), error => Assert.Contains(error, refused.Message, StringComparison.Ordinal));
        Assert.Empty(new PostgresStoreOptions { Url = "postgres://u:p@h/d" }.FindErrors());
    }

    [Fact]
    public async Task Commits_queued_at_disposal_are_written_and_later_ones_refused()
    {
        await using var under = await PostgresUnderTest.OpenAsync();
        var sample = new SampleTurns("s");
        var sent = Enumerable.Range(0, 300).Select(i => under.Store.CommitAsync(sample.Next($"turn {i}"))).ToArray();
        var store = under.Store;
        await under.ReopenAsync();

        Assert.All(sent, commit => Assert.Equal(CommitStatus.Committed, commit.Result));
        Assert.Equal(300, (await under.Store.FindSessionAsync(sample.Key, default)).Session!.LastSeq);
        Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(sample.Next("too late")));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.FindSessionAsync(sample.Key, default));
    }

    private static async Task ExecuteAsync(PostgresUnderTest under, string sql)
    {
        await using var connection = await under.ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
