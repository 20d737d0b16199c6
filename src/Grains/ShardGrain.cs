using MemoryOrleans.Scheduling;
using Orleans.Timers;

namespace MemoryOrleans.Grains;

/// <summary>
/// Has its silo do the due work of one shard for as long as it is active. What is due, and what became of it, is in the due
/// table; the reminder is there only to bring the shard back when its silo has gone.
/// </summary>
[GrainType("shard")]
[KeepAlive]
public sealed class ShardGrain(SiloMemory memory, ILocalSiloDetails silo, IReminderRegistry reminders) : Grain, IShardGrain, IRemindable
{
    private const string ReminderName = "hold";
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private int Shard => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyLong() is < 0 or >= DueShards.Count)
            throw new InvalidOperationException($"There is no shard {this.GetPrimaryKeyLong()}.");
        await reminders.RegisterOrUpdateReminder(this.GetGrainId(), ReminderName, Period, Period);
        memory.Shards.Hold(Shard);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        memory.Shards.Release(Shard);
        return Task.CompletedTask;
    }

    public Task<string> HoldAsync() => Task.FromResult(silo.SiloAddress.ToString());

    /// <summary>Being active is all there is to do.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
