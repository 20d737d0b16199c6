using MemoryOrleans.Episodes;
using MemoryOrleans.Sessions;
using Orleans.Concurrency;

namespace MemoryOrleans.Grains;

/// <summary>
/// A <see cref="SessionActor"/> with an address. It has no state of its own: the turn log is the store's, and whoever writes
/// with a version that is not the latest is refused there, so that two activations of one session cannot both write.
/// </summary>
[Reentrant]
[GrainType("session")]
public sealed class SessionGrain(SiloMemory memory, TimeProvider clock) : Grain, ISessionGrain
{
    private static readonly MemoryError WrongSession = new(ErrorCode.InvalidInput, "The command is of another session.", "session");

    private SessionActor? actor;
    private SessionKey key;

    private SessionActor Actor => actor!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        key = GrainKeys.ToSession(this.GetPrimaryKeyString());
        actor = new SessionActor(key, memory.Sessions, clock, memory.TurnIds, memory.Pace);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        actor?.Dispose();
        return Task.CompletedTask;
    }

    public async Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel) =>
        command.Session == key ? EndIfMoved(await Actor.AppendAsync(command, cancel)) : WrongSession;

    public async Task<Outcome<Session>> CloseAsync(long? ifMatchVersion, CancellationToken cancel) =>
        EndIfMoved(await Actor.CloseAsync(ifMatchVersion, cancel));

    public Task<Outcome<DistillationReport>> DistilAsync(CancellationToken cancel) =>
        Task.Run(() => memory.Host.Memories.DistilAsync(key, cancel), cancel);

    // Somebody else wrote the session: the directory may know a newer activation by now, so the caller is to ask it again.
    private Outcome<T> EndIfMoved<T>(Outcome<T> outcome)
    {
        if (outcome.Error?.Code == ErrorCode.SessionMoved)
            DeactivateOnIdle();
        return outcome;
    }
}
