using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Memory.Tests.Scheduling;

public sealed class DueWorkPumpTests
{
    private readonly PromptClock clock = new();
    private readonly InMemoryDueStore store = new();

    [Fact]
    public async Task A_handler_with_a_share_of_its_time_rests_after_each_batch_for_as_long_as_that_takes()
    {
        await store.WakeAsync("tenant", "do:it", "one", clock.GetUtcNow(), default);
        await store.WakeAsync("tenant", "do:it", "two", clock.GetUtcNow(), default);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var done = 0;
        var handler = new ScriptedHandler((work, _) =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            if (++done == 2)
                stop.Cancel();
            return Task.FromResult<DueOutcome>(new DueFinished(work.Cursor));
        })
        {
            Share = 0.25,
        };
        var run = new DueWorkRunner(store, clock, static () => 0, new DueLimits { AttemptsMax = 3 }, static (_, _, _) => { });

        await new DueWorkPump(run, handler, clock, static failure => Assert.Fail(failure.Message)).RunAsync(stop.Token);

        Assert.Equal(2, done);
        Assert.Contains(TimeSpan.FromSeconds(6), clock.Waits);
    }

    [Fact]
    public async Task A_look_that_the_store_gave_up_is_no_end()
    {
        await store.WakeAsync("tenant", "do:it", "one", clock.GetUtcNow(), default);
        store.NextFailure = new TaskCanceledException("The driver's own patience was spent.");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var handler = new ScriptedHandler((work, _) =>
        {
            stop.Cancel();
            return Task.FromResult<DueOutcome>(new DueFinished(work.Cursor));
        });
        var failures = new List<Exception>();
        var run = new DueWorkRunner(store, clock, static () => 0, new DueLimits { AttemptsMax = 3 }, static (_, _, _) => { });

        await new DueWorkPump(run, handler, clock, failures.Add).RunAsync(stop.Token);

        Assert.IsType<TaskCanceledException>(Assert.Single(failures));
        Assert.Empty(store.Works);
    }

    /// <summary>A clock whose timers fire at once, and which remembers how long they were to wait.</summary>
    private sealed class PromptClock : TimeProvider
    {
        private readonly FakeClock time = new();
        private readonly Lock gate = new();
        private readonly List<TimeSpan> waits = [];

        public IReadOnlyList<TimeSpan> Waits
        {
            get
            {
                lock (gate)
                    return [.. waits];
            }
        }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (gate)
                waits.Add(dueTime);
            // A lease's deadline is not to pass: only waits of seconds end at once.
            return base.CreateTimer(callback, state,
                dueTime < TimeSpan.FromSeconds(10) && dueTime >= TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
        }

        public void Advance(TimeSpan by) => time.Advance(by);
    }
}
