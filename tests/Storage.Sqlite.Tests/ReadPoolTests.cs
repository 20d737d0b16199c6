using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class ReadPoolTests
{
    [Fact]
    public async Task A_read_with_a_free_connection_ends_where_it_began()
    {
        await using var under = await SqliteUnderTest.OpenAsync();

        Assert.True(under.Store.FindSessionAsync(new SessionKey("tenant", "s"), default).IsCompletedSuccessfully);
        Assert.Equal((4, 0), (under.Store.ReadPoolSize, under.Store.ReadPoolInUse));
    }

    [Fact]
    public async Task A_read_waits_for_a_connection_and_can_be_called_off_meanwhile()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        await using var pool = new ReadPool([Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Reader)],
            new FailStop(new StoreMetrics(TimeProvider.System)));
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        using var cancelled = new CancellationTokenSource();
        var busy = Task.Run(async () => await pool.ReadAsync(0, (_, _) => Occupy(entered, leave), default));
        await entered.WaitAsync();
        Assert.Equal(1, pool.InUse);

        var calledOff = pool.ReadAsync(0, (_, _) => 1, cancelled.Token).AsTask();
        var waiting = pool.ReadAsync(0, (_, _) => 2, default).AsTask();
        Assert.False(waiting.IsCompleted);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calledOff);

        leave.Release();
        Assert.Equal(2, await waiting);
        Assert.Equal(0, await busy);
        Assert.Equal(0, pool.InUse);
    }

    [Fact]
    public async Task A_failing_read_gives_its_connection_back()
    {
        await using var under = await SqliteUnderTest.OpenAsync(options => options with { ReadConnections = 1 });
        await using var pool = new ReadPool([Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Reader)],
            new FailStop(new StoreMetrics(TimeProvider.System)));

        await Assert.ThrowsAsync<SqliteStoreException>(
            async () => await pool.ReadAsync(0, (connection, _) => connection.Scalar("SELECT nonsense"), default));
        Assert.Equal(7, await pool.ReadAsync(0, (connection, _) => connection.Scalar("SELECT 7"), default));
    }

    private static int Occupy(SemaphoreSlim entered, SemaphoreSlim leave)
    {
        entered.Release();
        leave.Wait();
        return 0;
    }
}
