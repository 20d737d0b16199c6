using System.Diagnostics.Metrics;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Conformance;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class DamageTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_damaged_page_is_found_in_the_background_and_stops_the_store()
    {
        var (sample, path) = await MakeAsync();
        Damage(path, "turn_texts");
        await using (var store =
            await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path, IntegrityCheckPeriod = Day }, TimeProvider.System))
        {
            var why = await StoppedAsync(store);
            Assert.IsType<StoreCorruptException>(why);
            Assert.StartsWith(path, why.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<StoreCorruptException>(async () => await store.ProbeAsync(default));
            Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(sample.Next("more")));
            Assert.NotNull((await store.FindSessionAsync(sample.Key, default)).Session);
        }

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task A_read_that_meets_damage_says_so_and_stops_the_store()
    {
        var (sample, path) = await MakeAsync();
        Damage(path, "turn_texts");
        await using (var store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path }, TimeProvider.System))
        {
            await store.ProbeAsync(default);
            await Assert.ThrowsAsync<StoreCorruptException>(async () => await store.ReadTurnsAsync(sample.Key, 0, 10, default));
            await Assert.ThrowsAsync<StoreCorruptException>(async () => await store.ProbeAsync(default));
            Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(sample.Next("more")));
        }

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task A_write_that_meets_damage_stops_the_store()
    {
        var (sample, path) = await MakeAsync();
        Damage(path, "turn_texts");
        await using (var store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path }, TimeProvider.System))
        {
            Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(sample.Next("more")));
            Assert.IsType<StoreCorruptException>(store.StoppedBy);
        }

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    // No store outside of this class is checked, and its tests run one after another: what is heard is this store's.
    [Fact]
    public async Task A_sound_file_is_checked_and_goes_on()
    {
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Name == "memory_store_integrity_checks")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => done.TrySetResult(tags[0].Value as string));
        listener.Start();
        await using var under = await SqliteUnderTest.OpenAsync(static options => options with { IntegrityCheckPeriod = Day });
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!done.Task.IsCompleted && !deadline.IsCancellationRequested)
        {
            listener.RecordObservableInstruments();
            await Task.Yield();
        }

        Assert.Equal("ok", await done.Task.WaitAsync(TimeSpan.Zero));
        Assert.Null(under.Store.StoppedBy);
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(new SampleTurns("s").Next("one")));
    }

    private static async Task<(SampleTurns Sample, string Path)> MakeAsync()
    {
        var path = Path.Combine(SqliteUnderTest.NewFolder(), "memory.db");
        var sample = new SampleTurns("s");
        await using var store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path }, TimeProvider.System);
        for (var i = 0; i < 20; i++)
            Assert.Equal(CommitStatus.Committed, await store.CommitAsync(sample.Next($"turn {i}")));
        return (sample, path);
    }

    /// <summary>Overwrites the first page of a table.</summary>
    private static void Damage(string path, string table)
    {
        long page;
        using (var connection = Connection.OpenReadOnly(path))
            page = connection.Scalar($"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Position = (page - 1) * 4096;
        file.Write(Enumerable.Repeat((byte)0x5A, 4096).ToArray());
    }

    private static async Task<StoreUnavailableException> StoppedAsync(SqliteStore store)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Failed += (_, failure) =>
        {
            if (failure.IsFinal)
                stopped.TrySetResult();
        };
        if (store.StoppedBy is null)
            await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return store.StoppedBy!;
    }
}
