using MemoryOrleans.Storage.Conformance;
using System.Diagnostics;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>A server of its own, which is stopped and started under the store.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    /// <summary>Long enough for a busy machine, and far from the minutes that a connection which nobody gives up hangs.</summary>
    private static readonly TimeSpan QuickMax = TimeSpan.FromSeconds(30);

    private (string Name, string Value)[] settings = [];
    private string home = string.Empty;
    private PostgresStore store = null!;

    public async ValueTask InitializeAsync()
    {
        home = Path.Combine("/var/tmp", $"memory-outage-{Guid.NewGuid():N}");
        settings = [
            ("MEMORY_DEV_PG_HOME", home),
            ("MEMORY_DEV_PG_PORT", FreePorts.Next().ToString()),
            ("MEMORY_DEV_PG_SHARED_BUFFERS", "32MB"),
            // The unpacked packages are shared with the developer's own server.
            ("MEMORY_DEV_PG_ROOT", Setting("MEMORY_DEV_PG_ROOT")
                ?? Path.Combine(Setting("MEMORY_DEV_PG_HOME") ?? "/var/tmp/memory-postgres", "root")),
        ];
        var url = await TestServer.RunScriptAsync("start", settings);
        var options = new PostgresStoreOptions { Url = url };
        store = await PostgresStore.OpenAsync(options, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await TestServer.RunScriptAsync("destroy", settings);
    }

    [Fact]
    public async Task While_the_server_is_down_writes_are_unavailable_and_what_was_acknowledged_is_there_afterwards()
    {
        using var stop = new CancellationTokenSource();
        var acknowledged = new List<SampleTurns>[4];
        var failed = 0;
        var writing = Task.WhenAll(Enumerable.Range(0, acknowledged.Length).Select(writer => Task.Run(async () =>
        {
            var kept = acknowledged[writer] = [];
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var sample = new SampleTurns($"w{writer}-{i}", $"tenant{writer}");
                var status = await store.CommitAsync(sample.Next("hello", "there"));
                Assert.Contains(status, new[] { CommitStatus.Committed, CommitStatus.Unavailable });
                if (status == CommitStatus.Committed)
                    kept.Add(sample);
                else
                    Interlocked.Increment(ref failed);
            }
        })));
        await Eventually.HoldsAsync(() => acknowledged.All(static kept => kept?.Count > 20));

        await TestServer.RunScriptAsync("stop", settings);
        var before = Volatile.Read(ref failed);
        await Eventually.HoldsAsync(() => Volatile.Read(ref failed) > before + 20);
        await AssertDownAsync();
        await TestServer.RunScriptAsync("start", settings);
        var counts = acknowledged.Select(static kept => kept.Count).ToArray();
        await Eventually.HoldsAsync(
            () => acknowledged.Select(static kept => kept.Count).Zip(counts).All(static pair => pair.First > pair.Second), QuickMax);

        await stop.CancelAsync();
        await writing;
        foreach (var sample in acknowledged.SelectMany(static kept => kept))
            Assert.Equal(2, (await store.ReadTurnsAsync(sample.Key, 0, 10, default)).Count);
        await store.ProbeAsync(default);
    }

    [Fact]
    public async Task A_read_after_a_restart_of_the_server_finds_a_new_connection_by_itself()
    {
        var sample = new SampleTurns("s");
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(sample.Next("hello")));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.FindSessionAsync(sample.Key, default).AsTask()));
        await TestServer.RunScriptAsync("restart", settings);

        Assert.NotNull((await store.FindSessionAsync(sample.Key, default)).Session);
        Assert.Single(await store.ReadTurnsAsync(sample.Key, 0, 10, default));
    }

    private async Task AssertDownAsync()
    {
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.FindSessionAsync(new SessionKey("t", "s"), default));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.HeadAsync(new("t", null), default));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.ProbeAsync(default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RemoveExpiredAsync(DateTimeOffset.UnixEpoch, default));
        Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(new SampleTurns("down").Next("hello")));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, QuickMax);
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name);
}
