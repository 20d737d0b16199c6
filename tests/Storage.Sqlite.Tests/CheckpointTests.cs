using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class CheckpointTests
{
    [Fact]
    public async Task The_log_starts_over_under_constant_load()
    {
        await using var under = await SqliteUnderTest.OpenAsync(options => options with { CheckpointWalBytes = 256 * 1024 });
        var content = new string('x', 2000);
        var samples = Enumerable.Range(0, 8).Select(i => new SampleTurns($"s{i}")).ToArray();
        var restarts = 0;
        for (var (rounds, before) = (0, 0L); restarts < 3 && rounds < 20_000; rounds++)
        {
            await Task.WhenAll(samples.Select(sample => under.Store.CommitAsync(sample.Next(content))));
            restarts += under.Store.WalBytes < before ? 1 : 0;
            before = under.Store.WalBytes;
        }

        Assert.Equal(3, restarts);
    }

    [Fact]
    public async Task A_checkpoint_on_demand_leaves_an_empty_log()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await under.Store.CommitAsync(new SampleTurns("s").Next("hello"));
        Assert.True(under.Store.WalBytes > 0);

        Assert.True(await under.Store.CheckpointAsync());
        Assert.Equal(0, under.Store.WalBytes);
        Assert.Equal(0, new FileInfo(under.Path + "-wal").Length);
    }

    [Fact]
    public async Task Closing_leaves_no_log_behind()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await under.Store.CommitAsync(new SampleTurns("s").Next("hello"));
        await under.Store.DisposeAsync();

        Assert.False(File.Exists(under.Path + "-wal") && new FileInfo(under.Path + "-wal").Length > 0);
    }

    [Fact]
    public async Task The_size_of_the_log_is_that_of_its_file_until_it_starts_over()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var sample = new SampleTurns("s");
        for (var i = 0; i < 20; i++)
            Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(sample.Next("hello")));

        const int headerBytes = 32;
        Assert.Equal(new FileInfo(under.Path + "-wal").Length, under.Store.WalBytes + headerBytes);
    }
}
