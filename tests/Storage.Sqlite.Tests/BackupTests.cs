using System.Text;
using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Conformance;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class BackupTests : IDisposable
{
    private static readonly PartitionKey Ada = new("tenant", "ada");

    private readonly string folder = SqliteUnderTest.NewFolder();

    private string Copy => Path.Combine(folder, "copy.db");

    private string Target => Path.Combine(folder, "restored", "memory.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_backup_beside_an_open_store_restores_to_the_same_turns_and_feed()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var sample = await FillAsync(under, 30);
        var gone = new SampleTurns("gone");
        await under.Store.CommitAsync(gone.Next("forget me"));
        await under.Store.DeleteSessionAsync(gone.Key, gone.Version, DateTimeOffset.UnixEpoch);

        var taken = BackUp(under);
        Assert.Equal((17, 1L, 30L, new FileInfo(Copy).Length), ((int)taken.Schema, taken.Sessions, taken.Turns, taken.Bytes));
        await under.Store.CommitAsync(sample.Next("after the backup"));
        Assert.Equal(taken, await RestoreAsync());

        await using var restored = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Target }, TimeProvider.System);
        var original = await under.Store.ReadTurnsAsync(sample.Key, 0, 30, default);
        Assert.Equal(original, await restored.ReadTurnsAsync(sample.Key, 0, 100, default));
        Assert.Equal((await ChangesAsync(under.Store)).SkipLast(1), await ChangesAsync(restored));
        var more = new SampleTurns("more");
        Assert.Equal(CommitStatus.Committed, await restored.CommitAsync(more.Next("goes on")));
        Assert.IsType<TurnCommitted>((await ChangesAsync(restored))[^1]);
    }

    [Fact]
    public async Task Erased_text_is_not_in_a_backup_even_while_it_is_still_in_the_log()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await FillAsync(under, 1);
        var doomed = new SampleTurns("doomed");
        await under.Store.CommitAsync(doomed.Next("CANARY" + new string('.', 9000)));
        using (var foreign = Connection.OpenReadOnly(under.Path))
        {
            foreign.Execute("BEGIN; SELECT count(*) FROM turns;");
            await under.Store.DeleteSessionAsync(doomed.Key, doomed.Version, DateTimeOffset.UnixEpoch);
            Assert.False(await under.Store.CheckpointAsync());
            BackUp(under);
        }

        var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Copy));
        Assert.Contains("turn 0", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_owner_can_read_it_nothing_else_stays_and_a_part_left_by_a_kill_is_replaced()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await FillAsync(under, 3);
        await File.WriteAllTextAsync(Copy + ".part", "left by a kill");
        BackUp(under);
        Assert.Equal([Copy], Directory.GetFiles(folder));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
    }

    [Fact]
    public async Task An_existing_file_is_replaced_only_when_asked_and_the_database_itself_never()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await FillAsync(under, 3);
        await File.WriteAllTextAsync(Copy, "something else");
        Assert.True(Assert.Throws<BackupRefusedException>(() => BackUp(under)).MayOverwrite);
        Assert.Equal("something else", await File.ReadAllTextAsync(Copy));
        Assert.Equal(3, BackUpDatabase.Run(under.Path, Copy, overwrite: true, default).Turns);
        Assert.False(Assert.Throws<BackupRefusedException>(() => BackUpDatabase.Run(under.Path, under.Path, overwrite: true, default))
            .MayOverwrite);
        Assert.Throws<BackupRefusedException>(() => BackUpDatabase.Run(Target, Copy, overwrite: true, default));
    }

    [Fact]
    public async Task A_part_that_another_process_writes_is_left_alone()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await FillAsync(under, 3);
        using (PartFile.Create(Copy))
            Assert.Contains("another process", Assert.Throws<BackupRefusedException>(() => BackUp(under)).Message,
                StringComparison.Ordinal);
        BackUp(under);
    }

    [Fact]
    public async Task A_cancelled_backup_leaves_nothing()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await FillAsync(under, 3);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            BackUpDatabase.Run(under.Path, Copy, overwrite: false, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_database_in_use_is_not_restored_over()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await FillAsync(under, 3);
        BackUp(under);
        var options = new SqliteStoreOptions { Path = under.Path, LockTimeout = TimeSpan.Zero };
        await Assert.ThrowsAsync<StoreLockedException>(() =>
            RestoreDatabase.RunAsync(options, Copy, overwrite: true, TimeProvider.System, default));
    }

    [Fact]
    public async Task A_database_with_turns_is_replaced_only_when_asked_and_its_log_goes_with_it()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var sample = await FillAsync(under, 3);
        BackUp(under);
        await under.Store.CommitAsync(sample.Next("in the log only"));

        // What a kill leaves: the file with a log of later pages.
        var left = OpeningTests.CopyFiles(under.Path);
        Assert.NotEqual(0, new FileInfo(left + "-wal").Length);
        var options = new SqliteStoreOptions { Path = left };
        var refusal = await Assert.ThrowsAsync<BackupRefusedException>(() =>
            RestoreDatabase.RunAsync(options, Copy, overwrite: false, TimeProvider.System, default));
        Assert.True(refusal.MayOverwrite);
        await RestoreDatabase.RunAsync(options, Copy, overwrite: true, TimeProvider.System, default);
        Assert.Equal([left, left + ".identity", left + ".lock"], Directory.GetFiles(Path.GetDirectoryName(left)!).Order());
        await using (var restored = await SqliteStore.OpenAsync(options, TimeProvider.System))
            Assert.Equal(3, (await restored.ReadTurnsAsync(sample.Key, 0, 100, default)).Count);
        Directory.Delete(Path.GetDirectoryName(left)!, recursive: true);
    }

    [Fact]
    public async Task What_is_not_an_intact_memory_of_this_release_is_not_restored()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await FillAsync(under, 500);
        BackUp(under);
        var intact = await File.ReadAllBytesAsync(Copy);

        await File.WriteAllTextAsync(Copy, "Dear diary, this is no database at all. " + new string('x', 5000));
        await Assert.ThrowsAsync<BackupRefusedException>(RestoreAsync);
        await File.WriteAllBytesAsync(Copy, []);
        await Assert.ThrowsAsync<BackupRefusedException>(RestoreAsync);
        await File.WriteAllBytesAsync(Copy, intact[..(intact.Length / 2)]);
        await Assert.ThrowsAsync<BackupRefusedException>(RestoreAsync);
        Array.Fill(intact, (byte)0xA5, intact.Length / 2, 4096);
        await File.WriteAllBytesAsync(Copy, intact);
        await Assert.ThrowsAsync<BackupRefusedException>(RestoreAsync);
        File.Delete(Copy);
        await Assert.ThrowsAsync<BackupRefusedException>(RestoreAsync);

        BackUp(under);
        Change("INSERT INTO schema_migrations VALUES (9999, 'later', 0)");
        await Assert.ThrowsAsync<StoreSchemaTooNewException>(RestoreAsync);
        Change("DELETE FROM schema_migrations WHERE number = 9999; DELETE FROM turn_texts WHERE change = 7");
        Assert.Contains("1 turns have lost their text", (await Assert.ThrowsAsync<BackupRefusedException>(RestoreAsync)).Message,
            StringComparison.Ordinal);
        Change("DROP TABLE turn_texts");
        await Assert.ThrowsAsync<BackupRefusedException>(RestoreAsync);
        Assert.Equal([Target + ".lock"], Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task A_database_that_cannot_be_read_is_replaced_when_asked()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await FillAsync(under, 3);
        BackUp(under);
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        await File.WriteAllTextAsync(Target, new string('x', 5000));
        await Assert.ThrowsAsync<BackupRefusedException>(RestoreAsync);
        var options = new SqliteStoreOptions { Path = Target };
        Assert.Equal(3, (await RestoreDatabase.RunAsync(options, Copy, overwrite: true, TimeProvider.System, default)).Turns);
    }

    private static async Task<SampleTurns> FillAsync(SqliteUnderTest under, int turns)
    {
        var sample = new SampleTurns("s");
        for (var i = 0; i < turns; i++)
            Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(sample.Next($"turn {i}")));
        return sample;
    }

    private static async Task<List<FeedChange>> ChangesAsync(SqliteStore store)
    {
        var changes = new List<FeedChange>();
        await foreach (var page in store.ReadSinceAsync(Ada, 0, default))
            changes.AddRange(page);
        return changes.OfType<TurnCommitted>().ToList<FeedChange>();
    }

    private void Change(string sql)
    {
        using var connection = Connection.Open(new SqliteStoreOptions { Path = Copy }, ConnectionRole.Writer);
        connection.Execute("PRAGMA journal_mode=DELETE");
        connection.Execute(sql);
    }

    private DatabaseContents BackUp(SqliteUnderTest under) => BackUpDatabase.Run(under.Path, Copy, overwrite: false, default);

    private Task<DatabaseContents> RestoreAsync() =>
        RestoreDatabase.RunAsync(new SqliteStoreOptions { Path = Target }, Copy, overwrite: false, TimeProvider.System, default);
}
