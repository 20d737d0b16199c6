using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall;

/// <summary>Questions to the memory; the same under every host.</summary>
public interface IRecallOperations
{
    Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel);

    /// <summary>
    /// A prompt-ready block for a session: its working memory and, with a query, what recall finds beyond it, inside the budget.
    /// </summary>
    Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, ContextRequest request, CancellationToken cancel);

    /// <summary>The same, narrowed by nothing.</summary>
    Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, string? query, int maxTokens, CancellationToken cancel) =>
        BuildContextAsync(key, new ContextRequest(query, maxTokens), cancel);
}
