using MemoryOrleans.Gateway.Requests;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>Parameters that several calls share.</summary>
internal static class Parameters
{
    public static readonly Parameter Limit = new("limit", Place.Query, "Most items to answer; default 50.", Min: 1, Max: 100);

    public static readonly Parameter Cursor = new("cursor", Place.Query, "The next_cursor of the page before.");

    public static readonly Parameter UserId = new("user_id", Place.Query, "Only this user's.");

    public static readonly Parameter AgentId = new("agent_id", Place.Query, "Only this agent's.");

    public static readonly Parameter IdempotencyKey = new(
        IdempotencyHeader.Name, Place.Header,
        "1 to 255 visible ASCII characters. The same key with the same body within 24 hours takes effect once.");

    public static readonly Parameter IfMatch = new(
        "If-Match", Place.Header, "The version the session must have, like \"5\"; \"0\" when it must not exist, * when it must.");

    /// <summary>Of a change to what has a version and exists.</summary>
    public static readonly Parameter IfMatchVersion = new("If-Match", Place.Header, "The version it must have, like \"5\".");

    public static readonly Parameter IfNoneMatch =
        new("If-None-Match", Place.Header, "Answers 304 when the session still has this version.");
}
