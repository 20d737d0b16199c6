namespace MemoryOrleans.Recall;

/// <summary>What a session's context is to be made of.</summary>
/// <param name="Question">What to recall beyond the window; null: window and summary alone.</param>
/// <param name="TokensMax">Budget in estimated tokens, at least 1.</param>
public sealed record ContextRequest(string? Question, int TokensMax)
{
    /// <summary>
    /// What the recall beyond the window is narrowed by: agent, scopes, kinds, filter, least relevance; the rest of it is the
    /// session's. Null: by nothing.
    /// </summary>
    public RecallQuery? Narrowed { get; init; }
}
