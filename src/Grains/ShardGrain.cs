using MemoryOrleans.Engine;
using MemoryOrleans.Scheduling;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Timers;

namespace MemoryOrleans.Grains;

/// <summary>How often the shards' reminders fire.</summary>
/// <param name="Period">At least the silo's least period of reminders; default 1 min.</param>
public sealed record ShardReminders(TimeSpan Period)
{
    public static readonly ShardReminders Default = new(TimeSpan.FromMinutes(1));
}

/// <summary>
/// One shard of the durable schedule. When its reminder fires it does whatever of the shard is due; for as long as it is active
/// its silo's pumps look for that between reminders, which makes it seconds instead of a minute. What is due, and what became of
/// it, is in the due table, so that nothing hangs on where the grain is.
/// </summary>
[GrainType("shard")]
[KeepAlive]
[Reentrant]
public sealed class ShardGrain(
    MemoryEngine engine, DueShards shards, ShardReminders timing, ILocalSiloDetails silo, IReminderRegistry reminders,
    ILogger<ShardGrain> log)
    : Grain, IShardGrain, IRemindable
{
    private const string ReminderName = "hold";

    private readonly CancellationTokenSource stopping = new();
    private Task working = Task.CompletedTask;

    private int Shard => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyLong() is < 0 or >= DueShards.Count)
            throw new InvalidOperationException($"There is no shard {this.GetPrimaryKeyLong()}.");

        // Each a little later than the one before, so that they do not all work at once.
        var first = timing.Period * ((Shard + 1.0) / DueShards.Count);
        await reminders.RegisterOrUpdateReminder(this.GetGrainId(), ReminderName, first, timing.Period);
        shards.Hold(Shard);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        shards.Release(Shard);
        await stopping.CancelAsync();
        await working.WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        stopping.Dispose();
    }

    public Task<string> HoldAsync() => Task.FromResult(silo.SiloAddress.ToString());

    /// <summary>Begins to do what is due, off the grain's turn, unless the last time is not over yet.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (working.IsCompleted)
            working = Task.Run(() => WorkAsync(stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    // A job boundary: a failed round is logged, and the next reminder tries again.
    private async Task WorkAsync(CancellationToken cancel)
    {
        try
        {
            await engine.Schedule.RunShardAsync(Shard, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The shard moves on; its work stays due.
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "Due work of shard {Shard} failed; the next reminder tries again.", Shard);
        }
    }
}
