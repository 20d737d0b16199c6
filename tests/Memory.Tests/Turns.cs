using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Memory.Tests;

/// <summary>Turns and changes with everything a test does not care about filled in.</summary>
internal static class Turns
{
    public static readonly DateTimeOffset Noon = new(2025, 3, 3, 12, 0, 0, TimeSpan.Zero);

    public static Turn Of(
        string sessionId, long seq, string content, string role = "user", string? name = null, DateTimeOffset? at = null,
        string? metadata = null) =>
        new(sessionId, seq, $"{sessionId}-{seq}", role, name, content, at ?? Noon, at ?? Noon, metadata, TokenEstimate.Of(content));

    public static TurnCommitted Said(
        long change, string sessionId, long seq, string content, string role = "user", string? name = null, DateTimeOffset? at = null) =>
        new(change, Of(sessionId, seq, content, role, name, at), AgentId: null);
}
