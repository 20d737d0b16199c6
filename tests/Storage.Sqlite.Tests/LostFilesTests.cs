using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Conformance;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class LostFilesTests
{
    [Theory]
    [InlineData("database moved")]
    [InlineData("database deleted")]
    [InlineData("database replaced by a copy")]
    [InlineData("log deleted")]
    [InlineData("folder moved")]
    public async Task No_commit_is_acknowledged_once_the_files_are_gone(string what)
    {
        await using var place = new Place();
        var failures = new List<StoreFailedEventArgs>();
        await using (var store = await place.OpenAsync())
        {
            store.Failed += (_, failure) => failures.Add(failure);
            var sample = new SampleTurns("s");
            Assert.Equal(CommitStatus.Committed, await store.CommitAsync(sample.Next("one")));
            await store.ProbeAsync(default);
            Assert.Null(store.StoppedBy);

            Lose(place, what);

            Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(sample.Next("two")));
            Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(new SampleTurns("other").Next("three")));
            Assert.Contains(what == "log deleted" ? place.Database + "-wal" : place.Database, store.StoppedBy!.Message,
                StringComparison.Ordinal);
            await Assert.ThrowsAsync<StoreLostException>(async () => await store.ProbeAsync(default));
            Assert.Equal(1, await store.HeadAsync(new("tenant", "ada"), default));
            Assert.Equal(1, store.CommitsTotal);
        }

        Assert.Single(failures, static failure => failure is { Operation: "file_lost", IsFinal: true });
    }

    [Fact]
    public async Task A_store_stays_stopped_though_the_file_comes_back_and_after_a_restart_everything_acknowledged_is_there()
    {
        await using var place = new Place();
        var sample = new SampleTurns("s");
        await using (var store = await place.OpenAsync())
        {
            for (var i = 0; i < 20; i++)
                Assert.Equal(CommitStatus.Committed, await store.CommitAsync(sample.Next($"turn {i}")));
            File.Move(place.Database, place.Aside);
            Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(new SampleTurns("late").Next("late")));
            // What the log held is in the moved file, so that it is whole without the log.
            Assert.True(await store.CheckpointAsync());
            File.Copy(place.Aside, place.Aside + ".copy");
            File.Move(place.Aside, place.Database);
            Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(new SampleTurns("later").Next("later")));
        }

        File.Move(place.Aside + ".copy", place.Database, overwrite: true);
        await using var again = await place.OpenAsync();
        Assert.Equal(20, (await again.ReadTurnsAsync(sample.Key, 0, 100, default)).Count);
        Assert.Equal(CommitStatus.Committed, await again.CommitAsync(sample.Next("goes on")));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("without a byte")]
    [InlineData("another, empty")]
    public async Task An_empty_database_is_not_begun_where_one_was_before(string state)
    {
        await using var place = new Place();
        await using (await place.OpenAsync())
            Assert.True(File.Exists(place.Marker));
        File.Delete(place.Database);
        if (state == "without a byte")
            await File.WriteAllBytesAsync(place.Database, []);
        if (state == "another, empty")
        {
            await using var other = new Place();
            await (await other.OpenAsync()).DisposeAsync();
            File.Copy(other.Database, place.Database);
        }

        var refused = await Assert.ThrowsAsync<StoreNotOpenedException>(place.OpenAsync);
        Assert.All([place.Database, place.Marker, "restore", "MEMORY_CREATE_DATABASE=always"],
            part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
        Assert.Equal(state != "missing", File.Exists(place.Database));

        await (await place.OpenAsync(DatabaseCreation.Always)).DisposeAsync();
        await (await place.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Without_its_marker_a_memory_begins_empty_and_with_never_it_does_not_begin()
    {
        await using var place = new Place();
        var refused = await Assert.ThrowsAsync<StoreNotOpenedException>(() => place.OpenAsync(DatabaseCreation.Never));
        Assert.Contains("MEMORY_CREATE_DATABASE=never", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(place.Folder));

        await (await place.OpenAsync()).DisposeAsync();
        File.Delete(place.Database);
        File.Delete(place.Marker);
        await (await place.OpenAsync()).DisposeAsync();
        await (await place.OpenAsync(DatabaseCreation.Never)).DisposeAsync();
    }

    [Fact]
    public async Task A_log_left_alone_is_not_thrown_away()
    {
        await using var place = new Place();
        await File.WriteAllTextAsync(place.Database + "-wal", "frames");
        var refused = await Assert.ThrowsAsync<StoreNotOpenedException>(place.OpenAsync);
        Assert.Contains($"{place.Database}-wal holds what was last written", refused.Message, StringComparison.Ordinal);
        Assert.Equal("frames", await File.ReadAllTextAsync(place.Database + "-wal"));
    }

    [Fact]
    public async Task Another_memory_with_turns_is_taken_for_what_it_is_and_its_marker_with_it()
    {
        await using var place = new Place();
        await using var other = new Place();
        await (await place.OpenAsync()).DisposeAsync();
        var before = await File.ReadAllTextAsync(place.Marker);
        await using (var store = await other.OpenAsync())
            await store.CommitAsync(new SampleTurns("s").Next("one"));
        File.Copy(other.Database, place.Database, overwrite: true);

        await (await place.OpenAsync()).DisposeAsync();
        Assert.NotEqual(before, await File.ReadAllTextAsync(place.Marker));
        Assert.Equal(await File.ReadAllTextAsync(other.Marker), await File.ReadAllTextAsync(place.Marker));
    }

    [Fact]
    public async Task A_restored_memory_opens_where_another_was_lost_even_an_empty_one()
    {
        await using var place = new Place();
        await (await place.OpenAsync()).DisposeAsync();
        BackUpDatabase.Run(place.Database, place.Aside, overwrite: false, default);
        await (await place.OpenAsync(DatabaseCreation.Always)).DisposeAsync();
        File.Delete(place.Database);
        File.Delete(place.Marker);
        await (await place.OpenAsync()).DisposeAsync();
        File.Delete(place.Database);

        await RestoreDatabase.RunAsync(new SqliteStoreOptions { Path = place.Database }, place.Aside, overwrite: false,
            TimeProvider.System, default);
        await using var store = await place.OpenAsync();
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(new SampleTurns("s").Next("one")));
    }

    private static void Lose(Place place, string what)
    {
        switch (what)
        {
            case "database moved":
                File.Move(place.Database, place.Aside);
                break;
            case "database deleted":
                File.Delete(place.Database);
                break;
            case "database replaced by a copy":
                File.Copy(place.Database, place.Aside);
                File.Move(place.Aside, place.Database, overwrite: true);
                break;
            case "log deleted":
                File.Delete(place.Database + "-wal");
                break;
            default:
                Directory.Move(place.Folder, place.Folder + ".moved");
                break;
        }
    }

    /// <summary>A folder of its own, which goes with it wherever it was moved.</summary>
    private sealed class Place : IAsyncDisposable
    {
        public string Folder { get; } = SqliteUnderTest.NewFolder();

        public string Database => Path.Combine(Folder, "memory.db");

        public string Marker => Database + ".identity";

        public string Aside => Path.Combine(Folder, "aside.db");

        public Task<SqliteStore> OpenAsync() => OpenAsync(DatabaseCreation.WhenNew);

        public Task<SqliteStore> OpenAsync(DatabaseCreation creation) =>
            SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Database, Creation = creation }, TimeProvider.System);

        public ValueTask DisposeAsync()
        {
            foreach (var folder in new[] { Folder, Folder + ".moved" }.Where(Directory.Exists))
                Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
