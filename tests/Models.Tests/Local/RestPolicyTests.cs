using MemoryOrleans.Models.Local;

namespace MemoryOrleans.Models.Tests.Local;

public sealed class RestPolicyTests
{
    private static readonly TimeSpan Worked = TimeSpan.FromMilliseconds(12);

    [Theory]
    [InlineData(0, 10, 0)]
    [InlineData(0.25, 10, 0)]
    [InlineData(0.375, 10, 54)]
    [InlineData(0.5, 10, 108)]
    [InlineData(1, 10, 108)]
    [InlineData(1, 50, 12)]
    [InlineData(1, 100, 0)]
    public void Beside_a_busy_process_work_takes_its_share_of_the_time(double busy, int percent, double milliseconds) =>
        Assert.Equal(milliseconds, RestPolicy.After(Worked, busy, percent).TotalMilliseconds, 3);

    [Fact]
    public void However_long_a_piece_takes_the_next_begins_within_a_second() =>
        Assert.Equal(TimeSpan.FromSeconds(1), RestPolicy.After(TimeSpan.FromSeconds(40), 1, 1));

    [Fact]
    public async Task After_a_piece_a_thread_rests_so_long_and_the_next_waits()
    {
        var worked = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var threads = new IdleThreads(1, own =>
        {
            worked.TrySetResult(own);
            return TimeSpan.FromHours(1);
        });
        Assert.Equal(1, await threads.RunAsync(static () => 1, CancellationToken.None));
        Assert.True(await worked.Task >= TimeSpan.Zero);
        var next = threads.RunAsync(static () => 2, CancellationToken.None);
        Assert.False(next.IsCompleted);

        threads.Dispose();
        Assert.Equal(2, await next);
    }

    [Fact]
    public void What_other_threads_take_is_the_rest_of_the_process_and_ones_own_is_not()
    {
        var use = new ProcessorUse();
        using var ended = new CancellationTokenSource();
        var busy = new Thread(() =>
        {
            while (!ended.IsCancellationRequested)
                Thread.SpinWait(1_000);
        });
        busy.Start();
        double share;
        do
            share = use.ShareBeside(TimeSpan.Zero);
        while (share == 0);
        ended.Cancel();
        busy.Join();

        Assert.InRange(share, 0.001, 1);
        Assert.Equal(0, new ProcessorUse().ShareBeside(TimeSpan.FromHours(1)));
    }
}
