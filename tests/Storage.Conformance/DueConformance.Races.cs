namespace MemoryOrleans.Storage.Conformance;

public abstract partial class DueConformance
{
    /// <summary>News that comes while work is being finished is never lost: whatever the timing, it is done once more after it.</summary>
    [Fact]
    public async Task No_wake_is_lost_between_workers_and_commits()
    {
        const int rounds = 60;
        var now = Tick();
        var (woken, done) = (0, 0);
        var waking = Task.Run(async () =>
        {
            for (var i = 0; i < rounds; i++)
            {
                Volatile.Write(ref woken, i + 1);
                await Due.WakeAsync(Tenant, Kind, "s", now, default);
            }
        });
        var working = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var isLast = waking.IsCompleted;
                var works = await ClaimAsync(now);
                foreach (var work in works)
                {
                    var seen = Volatile.Read(ref woken);
                    Assert.True(await Due.FinishAsync(work, seen, now, default));
                    RaiseTo(ref done, seen);
                }

                if (isLast && works.Count == 0)
                    return;
            }
        }));
        await Task.WhenAll(working.Append(waking));

        Assert.Empty(await ListAsync());
        Assert.Equal(rounds, done);
    }

    private static void RaiseTo(ref int target, int value)
    {
        int known;
        while ((known = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, known) != known)
        {
        }
    }
}
