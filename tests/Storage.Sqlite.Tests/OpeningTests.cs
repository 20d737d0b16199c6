using MemoryOrleans.Storage.Conformance;
using System.Diagnostics;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class OpeningTests
{
    [Fact]
    public async Task A_second_store_on_the_same_file_is_refused_and_told_which()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var options = new SqliteStoreOptions { Path = under.Path, LockTimeout = TimeSpan.Zero };

        var refused = await Assert.ThrowsAsync<StoreLockedException>(() => SqliteStore.OpenAsync(options, TimeProvider.System));
        Assert.Contains(under.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_waits_for_the_one_before_it_to_end()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var opening = SqliteStore.OpenAsync(new SqliteStoreOptions { Path = under.Path, LockTimeout = TimeSpan.FromMinutes(1) },
            TimeProvider.System);
        Assert.False(opening.IsCompleted);
        await under.Store.DisposeAsync();

        await using var second = await opening;
        Assert.Equal(0, second.QueueDepth);
    }

    [Fact]
    public async Task The_lock_of_a_killed_process_is_gone_with_it()
    {
        const string flock = "/usr/bin/flock";
        if (!File.Exists(flock))
            return;
        var folder = SqliteUnderTest.NewFolder();
        var path = Path.Combine(folder, "memory.db");
        using var other = Process.Start(new ProcessStartInfo(flock,
            ["--no-fork", "--exclusive", path + ".lock", "sh", "-c", "echo held; exec cat"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync());
        var options = new SqliteStoreOptions { Path = path, LockTimeout = TimeSpan.Zero };
        await Assert.ThrowsAsync<StoreLockedException>(() => SqliteStore.OpenAsync(options, TimeProvider.System));

        other.Kill();
        await other.WaitForExitAsync();
        await using (await SqliteStore.OpenAsync(options, TimeProvider.System))
            Assert.True(File.Exists(path));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Folder_and_files_are_made_for_their_owner_alone()
    {
        var folder = SqliteUnderTest.NewFolder();
        var path = Path.Combine(folder, "made", "deep", "memory.db");
        await using (await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path }, TimeProvider.System))
        {
            if (!OperatingSystem.IsWindows())
            {
                const UnixFileMode ownerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                Assert.Equal(ownerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
                foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!))
                    Assert.Equal(ownerFile, File.GetUnixFileMode(file));
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Migrations_are_recorded_once_and_not_run_again()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await under.ReopenAsync();
        using var connection = Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Reader);

        Assert.Equal(1, connection.Scalar(
            "SELECT count(*) FROM schema_migrations WHERE number = 1 AND name = 'turn_log' AND applied_at > 0"));
        var scripts = typeof(SqliteStore).Assembly.GetManifestResourceNames()
            .Count(static name => name.EndsWith(".sql", StringComparison.Ordinal));
        Assert.Equal(scripts, connection.Scalar("SELECT count(*) FROM schema_migrations"));
    }

    [Fact]
    public async Task A_database_of_a_newer_release_is_refused_and_left_alone()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        using (var connection = Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Writer))
            connection.Execute("INSERT INTO schema_migrations (number, name, applied_at) VALUES (9999, 'later', 1)");

        var refused = await Assert.ThrowsAsync<StoreSchemaTooNewException>(under.ReopenAsync);
        Assert.Contains("9999", refused.Message, StringComparison.Ordinal);
        // The lock was let go with it.
        using (var connection = Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Writer))
            connection.Execute("DELETE FROM schema_migrations WHERE number = 9999");
        await under.ReopenAsync();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        var folder = SqliteUnderTest.NewFolder();
        var path = Path.Combine(folder, "memory.db");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("not a database ", 1000)));

        var refused = await Assert.ThrowsAsync<StoreNotOpenedException>(() =>
            SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path }, TimeProvider.System));
        Assert.Equal($"{path} is not a SQLite database; MEMORY_DATABASE_URL names the file.", refused.Message);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Options_out_of_range_are_all_named_at_once()
    {
        var options = new SqliteStoreOptions
        {
            Path = " ",
            QueueCapacity = 15,
            GroupTurnsMax = 0,
            ReadConnections = 65,
            CheckpointWalBytes = 1,
            LockTimeout = TimeSpan.FromSeconds(-1),
            BusyTimeout = TimeSpan.FromHours(1),
            DrainTimeout = TimeSpan.FromHours(1),
            IntegrityCheckPeriod = TimeSpan.FromSeconds(-1),
            IntegrityCheckMax = TimeSpan.Zero,
        };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => SqliteStore.OpenAsync(options, TimeProvider.System));
        Assert.Equal(10, options.FindErrors().Count);
        Assert.All(options.FindErrors(), error => Assert.Contains(error, refused.Message, StringComparison.Ordinal));
        Assert.Empty(new SqliteStoreOptions { Path = "memory.db" }.FindErrors());
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_death_without_closing()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var sample = new SampleTurns("s");
        for (var i = 0; i < 50; i++)
            Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(sample.Next($"turn {i}")));

        // The files as they are at this moment, log not yet checkpointed, are what a kill leaves.
        var left = CopyFiles(under.Path);
        await using (var survivor = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = left }, TimeProvider.System))
        {
            Assert.Equal(50, (await survivor.ReadTurnsAsync(sample.Key, 0, 100, default)).Count);
            Assert.Equal(0, new FileInfo(left + "-wal").Length);
            Assert.Equal(50, await survivor.HeadAsync(new("tenant", "ada"), default));
        }

        Directory.Delete(Path.GetDirectoryName(left)!, recursive: true);
    }

    internal static string CopyFiles(string path)
    {
        var folder = SqliteUnderTest.NewFolder();
        foreach (var suffix in new[] { "", "-wal" })
        {
            using var source = new FileStream(path + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var target = File.Create(Path.Combine(folder, Path.GetFileName(path) + suffix));
            source.CopyTo(target);
        }

        return Path.Combine(folder, Path.GetFileName(path));
    }
}
