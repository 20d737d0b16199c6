using System.Globalization;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Erasures;

/// <summary>The turn that an erasure is about, by its own id or as recall names it: session and seq, with a colon between.</summary>
internal sealed class FindErasableTurn(ISessionStore sessions)
{
    /// <summary>The turn, by its own id, when the target names one as recall does and means nothing else; else null.</summary>
    public async Task<ErasureTarget?> NamedAsync(string tenant, ErasureTarget target, CancellationToken cancel)
    {
        if (Read(target) is not { } address)
            return null;
        var key = new SessionKey(tenant, address.SessionId);
        // A turn's own id may look like the name of another one. Its own id comes first.
        if (target.Kind == ErasureKind.Turn && (await sessions.FindTurnsAsync(key, [target.TurnId!], cancel)).Count > 0)
            return null;
        return await sessions.ReadTurnsAsync(key, address.Seq - 1, 1, cancel) is [var turn] && turn.Seq == address.Seq
            ? new ErasureTarget(ErasureKind.Turn, address.SessionId, turn.Id)
            : null;
    }

    /// <summary>When a turn that has content was recorded at the latest. NotFound, PreconditionFailed of its session.</summary>
    public async Task<Outcome<DateTimeOffset>> LivingAsync(
        string tenant, ErasureTarget target, long? ifMatchVersion, CancellationToken cancel)
    {
        var key = new SessionKey(tenant, target.Id);
        if (await sessions.FindTurnsAsync(key, [target.TurnId!], cancel) is not [{ IsErased: false } turn]
            || (await sessions.FindSessionAsync(key, cancel)).Session is not { } session)
        {
            return new MemoryError(ErrorCode.NotFound, "There is no such turn.");
        }

        return ifMatchVersion is { } wanted && wanted != session.Version
            ? new MemoryError(ErrorCode.PreconditionFailed, $"The session's version is {session.Version}.", "If-Match")
            : turn.RecordedAt;
    }

    // Ids of memories are minted without a colon; those of sessions may have some.
    private static TurnAddress? Read(ErasureTarget target)
    {
        var name = target.Kind switch
        {
            ErasureKind.Memory => target.Id,
            ErasureKind.Turn => target.TurnId!,
            _ => string.Empty,
        };
        var colon = name.LastIndexOf(':');
        if (colon <= 0 || !long.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq) || seq < 1)
            return null;
        var session = name[..colon];
        return target.Kind == ErasureKind.Memory || session == target.Id ? new TurnAddress(session, seq) : null;
    }
}
