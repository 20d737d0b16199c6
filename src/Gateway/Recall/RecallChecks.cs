using System.Globalization;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Sessions;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Gateway.Recall;

/// <summary>Checks a recall as a caller sends it and turns it into the core's query.</summary>
internal static class RecallChecks
{
    private const int LimitDefault = 10;
    private const int LimitMax = 100;
    private const int TokensMax = 1_000_000;
    private const int EntriesMax = 16;

    public static RecallQuery ToQuery(string tenant, RecallRequest request, int resultsMax, FieldErrors errors)
    {
        if (TextRules.QueryFault(request.Query) is { } queryFault)
            errors.Add("query", queryFault);
        CheckRange("limit", request.Limit, 1, LimitMax, errors);
        CheckRange("max_tokens", request.MaxTokens, 1, TokensMax, errors);
        if (request.MinScore is < 0 or > 1)
            errors.Add("min_score", "must be a number from 0 to 1");
        CheckId("user_id", request.UserId, errors);
        CheckId("agent_id", request.AgentId, errors);
        CheckId("session_id", request.SessionId, errors);
        CheckEntries("kinds", request.Kinds, TextRules.IdFault, errors);
        CheckEntries("tiers", request.Tiers, TierFault, errors);
        CheckEntries("scopes", request.Scopes, ScopeFault, errors);
        CheckId("agent_class", request.AgentClass, errors);
        TurnChecks.CheckZone(request.TimeZone, errors);
        return new RecallQuery(
            tenant,
            request.Query ?? string.Empty,
            Math.Min(request.Limit ?? LimitDefault, resultsMax),
            request.UserId,
            request.AgentId,
            request.SessionId,
            request.Kinds,
            request.Tiers,
            request.AsOf is { } asOf ? new AsOf(asOf.Valid, asOf.Known) : null,
            ToFilter(request.Filter, errors),
            request.MinScore,
            request.MaxTokens,
            request.Explain ?? false)
        {
            Scopes = request.Scopes, AgentClass = request.AgentClass, WithArchived = request.Archived
                ?? false, IsCurrentOnly = request.Current ?? false,
            TimeZone = request.TimeZone,
        };
    }

    /// <summary>Where MEMORY_RECALL_REQUIRES_USER or the caller's key says so, a question to a whole tenant is an error.</summary>
    public static void RequireUser(GatewayOptions options, Caller caller, string? userId, FieldErrors errors)
    {
        if ((options.RecallRequiresUser || caller.RequiresUser) && userId is null)
            errors.Add("user_id", "is required here: nobody searches a whole tenant");
    }

    private static RecallFilter? ToFilter(RecallFilterInput? filter, FieldErrors errors)
    {
        if (filter is null)
            return null;
        if (filter.Role is not null && TextRules.RoleFault(filter.Role) is { } roleFault)
            errors.Add("filter.role", roleFault);
        if (TextRules.NameFault(filter.Name) is { } nameFault)
            errors.Add("filter.name", nameFault);
        if (filter.OccurredFrom > filter.OccurredTo)
            errors.Add("filter.occurred_from", "must not be after filter.occurred_to");
        return new RecallFilter(filter.Role, filter.Name, filter.OccurredFrom, filter.OccurredTo,
            MetadataMasks.Read("filter.metadata", filter.Metadata, errors));
    }

    private static void CheckId(string field, string? id, FieldErrors errors)
    {
        if (TextRules.IdFault(id) is { } fault)
            errors.Add(field, fault);
    }

    private static void CheckRange(string field, int? value, int min, int max, FieldErrors errors)
    {
        if (value < min || value > max)
            errors.Add(field, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
    }

    private static void CheckEntries(string field, IReadOnlyList<string>? entries, Func<string?, string?> faultOf, FieldErrors errors)
    {
        if (entries is null)
            return;
        if (entries.Count is 0 or > EntriesMax)
            errors.Add(field, $"must have 1 to {EntriesMax} entries");
        for (var i = 0; i < Math.Min(entries.Count, EntriesMax); i++)
        {
            var fault = entries[i] is null ? "must be a string" : faultOf(entries[i]);
            if (fault is not null)
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"), fault);
        }
    }

    private static string? ScopeFault(string? scope) => scope is "session" or "user" or "agent" or "agent_class" or "tenant"
        ? null
        : "must be session, user, agent, agent_class or tenant";

    private static string? TierFault(string? tier) =>
        tier is "working" or "episodic" or "semantic" ? null : "must be working, episodic or semantic";
}
