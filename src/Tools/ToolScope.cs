namespace MemoryOrleans.Tools;

/// <summary>
/// Whose memory the tools speak of, where configuration says so. What is fixed here is not a parameter of the tools any more; what
/// is null, the model names at each call. It keeps a model to its subject; what a caller may see at all is up to the API key.
/// </summary>
public sealed record ToolScope(string? UserId = null, string? AgentId = null, string? SessionId = null)
{
    /// <summary>Nothing is fixed.</summary>
    public static readonly ToolScope Open = new();

    /// <summary>The names of parameters that can be fixed, with their values; null for those that are not.</summary>
    internal IEnumerable<(string Name, string? Value)> Parameters =>
        [("user_id", UserId), ("agent_id", AgentId), ("session_id", SessionId)];

    /// <summary>Which of them are fixed, as the bits of a number from 0 to 7.</summary>
    internal int Shape => (UserId is null ? 0 : 1) | (AgentId is null ? 0 : 2) | (SessionId is null ? 0 : 4);
}
