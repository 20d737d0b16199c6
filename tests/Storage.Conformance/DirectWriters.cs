using MemoryOrleans.Erasures;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Sessions without actors: nobody writes them meanwhile.</summary>
public sealed class DirectWriters(ISessionStore sessions, IErasureStore erasures, Func<DateTimeOffset> tick) : ISessionWriters
{
    public Task<ErasureCounts> EraseTurnsAsync(SessionKey key, IReadOnlyList<long> seqs, DateTimeOffset now, CancellationToken cancel) =>
        erasures.EraseTurnsAsync(key, [.. seqs], now, cancel);

    public async Task<Outcome<Session>> DeleteAsync(SessionKey key, long ifMatchVersion, CancellationToken cancel)
    {
        var before = (await sessions.FindSessionAsync(key, cancel)).Session;
        return await sessions.DeleteSessionAsync(key, ifMatchVersion, tick()) == CommitStatus.Committed
            ? before!
            : new MemoryError(ErrorCode.PreconditionFailed, "It has another version.");
    }
}

/// <summary>Each look is a tick later than the one before.</summary>
public sealed class TickingClock(Func<DateTimeOffset> tick) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => tick();
}
