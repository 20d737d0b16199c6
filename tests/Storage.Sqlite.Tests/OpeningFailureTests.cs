using System.Diagnostics;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class OpeningFailureTests : IDisposable
{
    private readonly string folder = SqliteUnderTest.NewFolder();

    private string Database => Path.Combine(folder, "memory.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_path_under_a_file_is_told()
    {
        await File.WriteAllTextAsync(Database, "a file");
        Assert.Equal($"{Database}/deep/memory.db cannot be made: {Database} is a file, not a folder.",
            await RefusalAsync($"{Database}/deep/memory.db"));
    }

    [Fact]
    public async Task A_folder_in_place_of_the_file_is_told()
    {
        Directory.CreateDirectory(Database);
        Assert.Equal($"{Database} is a folder; MEMORY_DATABASE_URL must name a file.", await RefusalAsync(Database));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_told()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Matches("^/proc/memory/memory.db cannot be made: .*/proc", await RefusalAsync("/proc/memory/memory.db"));
    }

    [Fact]
    public async Task A_full_disk_is_told()
    {
        var options = new SqliteStoreOptions { Path = Database, PageCountMax = 3 };
        var refused = await Assert.ThrowsAsync<StoreNotOpenedException>(() => SqliteStore.OpenAsync(options, TimeProvider.System));
        Assert.Equal($"There is no room to write {Database}: the disk is full.", refused.Message);
    }

    [Fact]
    public async Task Damage_in_what_an_opening_reads_is_told()
    {
        await (await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Database }, TimeProvider.System)).DisposeAsync();
        await using (var file = new FileStream(Database, FileMode.Open, FileAccess.Write))
        {
            file.Position = 100;
            file.Write(Enumerable.Repeat((byte)0x5A, 3000).ToArray());
        }

        Assert.Matches($"^{Database} is damaged .*`memory restore` a backup\\.$", await RefusalAsync(Database));
    }

    [Fact]
    public async Task A_program_that_holds_the_database_is_told()
    {
        await (await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Database }, TimeProvider.System)).DisposeAsync();
        using var foreign = Connection.Open(new SqliteStoreOptions { Path = Database }, ConnectionRole.Writer);
        foreign.Execute("BEGIN IMMEDIATE");
        var options = new SqliteStoreOptions { Path = Database, BusyTimeout = TimeSpan.Zero };
        var refused = await Assert.ThrowsAsync<StoreNotOpenedException>(() => SqliteStore.OpenAsync(options, TimeProvider.System));
        Assert.Equal($"{Database} is locked by a program that is not the memory; close it and start again.", refused.Message);
    }

    /// <summary>Modes do not stop root; where root runs this, the immutable attribute does, on file systems that have it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_or_file_that_may_not_be_written_is_told(bool wholeFolder)
    {
        if (OperatingSystem.IsWindows())
            return;
        await (await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Database }, TimeProvider.System)).DisposeAsync();
        if (wholeFolder)
            File.Delete(Database + ".lock");
        var locked = wholeFolder ? folder : Database;
        var mode = File.GetUnixFileMode(locked);
        File.SetUnixFileMode(locked, wholeFolder ? UnixFileMode.UserRead | UnixFileMode.UserExecute : UnixFileMode.UserRead);
        if (Environment.IsPrivilegedProcess && !await ChangeAttributeAsync("+i", locked))
            return;
        try
        {
            var refusal = await RefusalAsync(Database);
            Assert.Equal(
                wholeFolder
                    ? $"{Database}.lock cannot be made: {Environment.UserName} may not write into {folder}."
                    : $"{Database} cannot be written: it is read-only, or belongs to another user than {Environment.UserName}.",
                refusal);
        }
        finally
        {
            if (Environment.IsPrivilegedProcess)
                await ChangeAttributeAsync("-i", locked);
            File.SetUnixFileMode(locked, mode);
        }
    }

    private static async Task<bool> ChangeAttributeAsync(string change, string path)
    {
        const string chattr = "/usr/bin/chattr";
        if (!File.Exists(chattr))
            return false;
        using var process = Process.Start(new ProcessStartInfo(chattr, [change, path]) { UseShellExecute = false,
            RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private static async Task<string> RefusalAsync(string path)
    {
        var options = new SqliteStoreOptions { Path = path, LockTimeout = TimeSpan.Zero };
        return (await Assert.ThrowsAsync<StoreNotOpenedException>(() => SqliteStore.OpenAsync(options, TimeProvider.System))).Message;
    }
}
