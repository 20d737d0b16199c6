using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall;

/// <summary>What a session's context is made of: its window and summary in hand, and what is recalled beyond them.</summary>
public static class BuildContext
{
    private const int RecalledMax = 50;

    /// <summary>The block inside the budget; see <see cref="AssembleContext"/>.</summary>
    /// <param name="question">What to recall beyond the window; null: window and summary alone.</param>
    /// <param name="tokensMax">Estimated tokens, at least 1.</param>
    /// <param name="recall">Answers a question over the session's user, wherever that is done.</param>
    public static async Task<Outcome<ContextBlock>> BuildAsync(
        string tenant, WorkingMemoryView view, IReadOnlyList<SummaryPart> summary, string? question, int tokensMax,
        Func<RecallQuery, Task<Outcome<RecallResult>>> recall)
    {
        if (question is null)
            return AssembleContext.Build(view.Turns, summary, [], tokensMax);
        var query = new RecallQuery(tenant, question, RecalledMax, UserId: view.Session.UserId, SessionId: view.Session.Id)
        {
            InheritedAgentId = view.Session.AgentId,
        };
        var recalled = await recall(query);
        return recalled.IsSuccess ? AssembleContext.Build(view.Turns, summary, recalled.Value.Items, tokensMax) : recalled.Error;
    }
}
