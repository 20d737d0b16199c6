using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall;

/// <summary>What a session's context is made of: its window and summary in hand, and what is recalled beyond them.</summary>
public static class BuildContext
{
    private const int RecalledMax = 50;

    /// <summary>The block inside the budget; see <see cref="AssembleContext"/>.</summary>
    /// <param name="recall">Answers a question over the session's user, wherever that is done.</param>
    public static async Task<Outcome<ContextBlock>> BuildAsync(
        string tenant, WorkingMemoryView view, IReadOnlyList<SummaryPart> summary, ContextRequest request,
        Func<RecallQuery, Task<Outcome<RecallResult>>> recall)
    {
        if (request.Question is not { } question)
            return AssembleContext.Build(view.Turns, summary, [], request.TokensMax, view.Session.TimeZone);
        var query = (request.Narrowed ?? new RecallQuery(tenant, question, RecalledMax)) with
        {
            Tenant = tenant, Query = question, Limit = RecalledMax, UserId = view.Session.UserId, SessionId = view.Session.Id,
            InheritedAgentId = view.Session.AgentId,
        };
        var recalled = await recall(query);
        return recalled.IsSuccess
            ? AssembleContext.Build(view.Turns, summary, recalled.Value.Items, request.TokensMax, view.Session.TimeZone) : recalled.Error;
    }
}
