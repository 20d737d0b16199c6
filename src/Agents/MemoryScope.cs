using MemoryOrleans.Contracts;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Agents;

/// <summary>
/// Whose memory: the application is the tenant of the client's API key, within it a user, an agent, a session. Ids are 1 to 128
/// letters, digits, '.', '_', ':', '@' or '-'; null does not restrict.
/// </summary>
public sealed record MemoryScope
{
    public string? UserId { get; init; }

    public string? AgentId { get; init; }

    public string? SessionId { get; init; }
}

/// <summary>
/// What a conversation's memory needs to know from one run to the next. It lives in the agent session's state bag and is serialised
/// with it; providers keep nothing themselves.
/// </summary>
public sealed class MemoryState
{
    // Far more messages than a front end sends again; beyond them the oldest are taken for new.
    private const int KnownMax = 2_000;

    private readonly Lock gate = new();

    /// <summary>Where turns are stored; the session id must be given.</summary>
    public required MemoryScope Storage { get; init; }

    /// <summary>Where recall looks: usually wider, all of the user's.</summary>
    public required MemoryScope Search { get; init; }

    /// <summary>Digests of the messages stored so far, in order, the newest 2,000.</summary>
    public List<string> Known { get; init; } = [];

    /// <summary>A conversation of a user: stored under a session id of its own, recalled from all of the user's.</summary>
    public static MemoryState ForUser(string userId, string? sessionId = null, string? agentId = null) => new()
    {
        Storage = new MemoryScope { UserId = userId, AgentId = agentId, SessionId = sessionId ?? NewSessionId() },
        Search = new MemoryScope { UserId = userId },
    };

    /// <summary>A conversation of nobody in particular: stored under a session id of its own, recalled from that session alone.</summary>
    public static MemoryState ForSession(string? sessionId = null)
    {
        var scope = new MemoryScope { SessionId = sessionId ?? NewSessionId() };
        return new MemoryState { Storage = scope, Search = scope };
    }

    /// <summary>
    /// The turns to store of a run, which from now on are known: two runs at once do not take the same id for the same words.
    /// </summary>
    internal IReadOnlyList<(TurnInput Turn, string Digest)> Reserve(IEnumerable<ChatMessage> request, IEnumerable<ChatMessage> response)
    {
        lock (gate)
        {
            var known = Known.CountBy(static each => each, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            var turns = ConversationTurns.Of(known, request, response);
            Known.AddRange(turns.Select(static each => each.Digest));
            if (Known.Count > KnownMax)
                Known.RemoveRange(0, Known.Count - KnownMax);
            return turns;
        }
    }

    /// <summary>Those turns were not stored after all.</summary>
    internal void Release(IReadOnlyList<(TurnInput Turn, string Digest)> turns)
    {
        lock (gate)
        {
            foreach (var (_, digest) in turns)
            {
                if (Known.LastIndexOf(digest) is >= 0 and var at)
                    Known.RemoveAt(at);
            }
        }
    }

    private static string NewSessionId() => Guid.CreateVersion7().ToString("N");
}
