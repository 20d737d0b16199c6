using MemoryOrleans.Engine;
using MemoryOrleans.Episodes;
using MemoryOrleans.Erasures;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using Orleans.Concurrency;

namespace MemoryOrleans.Grains;

/// <summary>
/// A <see cref="SessionActor"/> with an address: its working memory is loaded by the first read, goes on with each commit, and is
/// dropped when one is refused. The turn log is the store's, and whoever writes with a version that is not the latest is refused
/// there, so that two activations of one session cannot both write.
/// </summary>
[Reentrant]
[GrainType("session")]
public sealed class SessionGrain(MemoryEngine engine, ActivationCount activations) : Grain, ISessionGrain
{
    private static readonly MemoryError WrongSession = new(ErrorCode.InvalidInput, "The command is of another session.", "session");

    private SessionActor? actor;
    private long timesForgotten;
    private SessionKey key;
    private Task<Outcome<DistillationReport>>? distilling;

    // What is held of a tenant that was erased is of another session than one of the same name since then.
    private SessionActor Actor => engine.TimesForgotten(key.Tenant) == timesForgotten ? actor! : Renew();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        key = GrainKeys.ToSession(this.GetPrimaryKeyString());
        Renew();
        activations.Add(1);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        actor?.Dispose();
        activations.Add(-1);
        return Task.CompletedTask;
    }

    public async Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel)
    {
        if (command.Session != key)
            return WrongSession;
        var appended = EndIfMoved(await Actor.AppendAsync(command, cancel));
        if (appended.IsSuccess)
            engine.Schedule.Wake();
        return appended;
    }

    public Task<Outcome<Session>> GetAsync(CancellationToken cancel) => engine.Reads.GetAsync(key, cancel);

    public async Task<Outcome<Turn[]>> ListTurnsAsync(long afterSeq, int limit, CancellationToken cancel) =>
        await Actor.ReadTurnsAsync(afterSeq, limit, cancel) is { } turns ? turns as Turn[] ?? [.. turns] : SessionReader.NotFound;

    public Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(CancellationToken cancel) =>
        engine.ReadWorkingMemoryAsync(key, Actor, cancel);

    public Task<Outcome<ContextBlock>> BuildContextAsync(string? question, int tokensMax, CancellationToken cancel) =>
        engine.BuildContextAsync(key, Actor, new ContextRequest(question, tokensMax), query => AskAsync(query, cancel), cancel);

    public Task<Outcome<ContextBlock>> BuildNarrowedContextAsync(RecallQuery narrowed, int tokensMax, CancellationToken cancel) =>
        engine.BuildContextAsync(
            key, Actor, new ContextRequest(narrowed.Query, tokensMax) { Narrowed = narrowed }, query => AskAsync(query, cancel), cancel);

    public async Task<Outcome<Session>> CloseAsync(long? ifMatchVersion, CancellationToken cancel)
    {
        var closed = EndIfMoved(await Actor.CloseAsync(ifMatchVersion, cancel));
        if (closed.IsSuccess)
            engine.Schedule.Wake();
        return closed;
    }

    public async Task<Outcome<Session>> DeleteAsync(long? ifMatchVersion, CancellationToken cancel) =>
        EndIfMoved(await Actor.DeleteAsync(ifMatchVersion, cancel));

    public async Task<Outcome<ErasureCounts>> EraseTurnsAsync(long[] seqs, DateTimeOffset now, CancellationToken cancel)
    {
        var erased = new ErasureCounts();
        try
        {
            await Actor.ChangeAsync(async () => erased = await engine.EraseTurnsAsync(key, seqs, now, cancel), cancel);
            return erased;
        }
        catch (StoreUnavailableException failure)
        {
            return new MemoryError(ErrorCode.StoreUnavailable, failure.Message, RetryAfter: TimeSpan.FromSeconds(2));
        }
    }

    // Off the grain's turn: it takes as long as a model does. A call made again while it runs waits for the same end.
    public Task<Outcome<DistillationReport>> DistilAsync(CancellationToken cancel)
    {
        if (distilling is null or { IsCompleted: true })
            distilling = Task.Run(() => engine.Memories.DistilAsync(key, CancellationToken.None), CancellationToken.None);
        return distilling.WaitAsync(cancel);
    }

    // Whoever is in the one before goes on with it to its end.
    private SessionActor Renew()
    {
        timesForgotten = engine.TimesForgotten(key.Tenant);
        return actor = engine.NewActor(key);
    }

    private Task<Outcome<RecallResult>> AskAsync(RecallQuery query, CancellationToken cancel)
    {
        CallContext.Tenant = key.Tenant;
        return GrainFactory.GetGrain<IRecallGrain>(GrainKeys.OfScope(query)).RecallAsync(query, cancel);
    }

    // Somebody else wrote the session: the directory may know a newer activation by now, so the caller is to ask it again.
    private Outcome<T> EndIfMoved<T>(Outcome<T> outcome)
    {
        if (outcome.Error?.Code == ErrorCode.SessionMoved)
            DeactivateOnIdle();
        return outcome;
    }
}
