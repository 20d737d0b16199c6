using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Commits of a session in the making, for tests that need many or odd ones.</summary>
public sealed class SampleTurns(string sessionId, string tenant = "tenant", string? userId = "ada")
{
    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private long seq;
    private long version;

    public SessionKey Key => new(tenant, sessionId);

    public long Version => version;

    public SessionCommit Next(params string[] contents)
    {
        var turns = contents.Select(content => new Turn(
            sessionId, ++seq, $"turn-{seq}", "user", $"name of {content}", content, Moment, Moment, $$"""{"note":"{{content}}"}""", 1))
            .ToArray();
        var after = new Session(sessionId, userId, null, SessionStatus.Open, seq, version + 1, Moment, Moment);
        return new SessionCommit(Key, version++, 0, after, turns, Idempotency: null);
    }
}
