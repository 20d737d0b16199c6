using System.Text;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Recall;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Sessions;

/// <summary>What a session says: its log, its working memory, and the block made of them for a prompt.</summary>
internal sealed class ReadingEndpoints(ISessionOperations sessions, IRecallOperations recall, GatewayOptions options)
{
    private const string Tag = "Turns";
    private const string Path = "/v1/sessions/{id}";
    private const int LimitDefault = 50;
    private const int ContextTokensDefault = 4_000;
    private const int ContextTokensMax = 1_000_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Path + "/turns", ListTurnsAsync,
            new Operation("listTurns", Tag, "A session's turns, by ascending seq", Requirement.Read)
        {
            Answer = typeof(TurnPage), Problems = [404], Parameters = [Parameters.Limit, Parameters.Cursor], Reach = Reach.Session,
        });
        routes.Map("GET", Path + "/working-memory", GetWorkingMemoryAsync,
            new Operation("getWorkingMemory", Tag, "A session's live window, and a summary of what left it", Requirement.Read)
        {
            Answer = typeof(WorkingMemoryResponse), Problems = [404], Reach = Reach.Session,
        });
        routes.Map("GET", Path + "/context", GetContextAsync,
            new Operation("getContext", Tag, "A prompt-ready block with citations, inside a budget", Requirement.Read)
        {
            Answer = typeof(ContextResponse), Problems = [404], Reach = Reach.Session,
            Parameters =
            [
                new Parameter("query", Place.Query,
                "Also recall what these words find beyond the working memory, in turns and memories; 1 to 4,000 characters."),
                new Parameter("max_tokens", Place.Query, "Budget of the block in estimated tokens; default 4000.", Min: 1,
                Max: ContextTokensMax),
                new Parameter("user_id", Place.Query, "Whose session it must be; of another's it answers 404."),
                new Parameter("agent_id", Place.Query, "What is recalled: only this agent's."),
                new Parameter("scopes", Place.Query, "What is recalled: only of these scopes, with commas between."),
                new Parameter("kinds", Place.Query, "What is recalled: only these kinds, with commas between."),
                new Parameter("filter", Place.Query, "What is recalled: a filter as of a recall, in JSON."),
                new Parameter("min_score", Place.Query, "What is recalled: least relevance, 0 to 1."),
            ],
        });
    }

    private async Task ListTurnsAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        var query = new QueryReader(http, errors);
        var limit = query.Integer("limit", 1, 100) ?? LimitDefault;
        if (!TurnCursor.TryParse(query.Text("cursor"), out var afterSeq))
            errors.Add("cursor", "must be the next_cursor of an earlier page");
        if (await http.RefuseAsync(errors))
            return;

        // One more than asked for tells whether there is a next page.
        var turns = await sessions.ListTurnsAsync(key, afterSeq, limit + 1, http.RequestAborted);
        if (await http.RefuseAsync(turns.Error))
            return;

        var items = Fitting(turns.Value, limit).Select(SessionMapping.ToResponse).ToArray();
        var next = turns.Value.Count > items.Length ? TurnCursor.Of(items[^1].Seq) : null;
        await http.AnswerAsync(StatusCodes.Status200OK, new TurnPage(items, next), MemoryJsonContext.Default.TurnPage);
    }

    /// <summary>As many as fit into an answer; one at least.</summary>
    private IEnumerable<Turn> Fitting(IReadOnlyList<Turn> turns, int limit)
    {
        var bytes = 0L;
        return turns.Take(limit).TakeWhile((turn, index) =>
            (bytes += Encoding.UTF8.GetByteCount(turn.Content)) <= options.Limits.AnswerBytesMax || index == 0);
    }

    private async Task GetWorkingMemoryAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var view = await sessions.GetWorkingMemoryAsync(key, http.RequestAborted);
        await http.AnswerAsync(view, static each => each.ToResponse(), MemoryJsonContext.Default.WorkingMemoryResponse);
    }

    private async Task GetContextAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        var query = new QueryReader(http, errors);
        var words = query.Text("query");
        if (words is not null && TextRules.QueryFault(words) is { } fault)
            errors.Add("query", fault);
        var maxTokens = query.Integer("max_tokens", 1, ContextTokensMax) ?? ContextTokensDefault;
        var userId = query.Id("user_id");
        if (userId is null && words is not null)
            RecallChecks.RequireUser(options, http.GetRequestContext().Caller, userId, errors);
        var narrowed = ContextMasks.Read(key.Tenant, words, query, errors);
        if (await http.RefuseAsync(errors))
            return;
        // Whose session it is has been seen to; what is recalled beside it is that user's, and of agents those asked for.
        var caller = http.GetRequestContext().Caller;
        if (words is not null && caller.Agents.Count > 0
            && await http.RefuseBeyondReachAsync(caller.Users.FirstOrDefault(), query.Text("agent_id")))
            return;
        if (words is not null && await http.RefuseBeyondLimitAsync(LimitKind.Recalls, 1))
            return;
        if (userId is not null && await IsAnotherSAsync(key, userId, http.RequestAborted))
        {
            await http.RefuseAsync(new MemoryError(ErrorCode.NotFound, "There is no such session."));
            return;
        }

        var block = await recall.BuildContextAsync(key, new ContextRequest(words, maxTokens) { Narrowed = narrowed }, http.RequestAborted);
        await http.AnswerAsync(block, each => each.ToResponse(key.Id, maxTokens), MemoryJsonContext.Default.ContextResponse);
    }

    private async Task<bool> IsAnotherSAsync(SessionKey key, string userId, CancellationToken cancel) =>
        await sessions.GetAsync(key, cancel) is { IsSuccess: true } session && session.Value.UserId != userId;
}
