using System.Text.Json;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Gateway.Recall;

/// <summary>What a context's parameters narrow its recall by, checked as a recall's body is.</summary>
internal static class ContextMasks
{
    private static readonly string[] Names = ["agent_id", "scopes", "kinds", "filter", "min_score"];

    /// <summary>Null when nothing is narrowed; that needs a query.</summary>
    public static RecallQuery? Read(string tenant, string? words, QueryReader query, FieldErrors errors)
    {
        if (Array.Find(Names, name => query.Text(name) is not null) is not { } first)
            return null;
        if (words is null)
        {
            errors.Add("query", $"is required with {first}");
            return null;
        }

        var request = new RecallRequest
        {
            Query = words, AgentId = query.Text("agent_id"), Scopes = query.List("scopes"), Kinds = query.List("kinds"),
            Filter = FilterOf(query, errors), MinScore = query.Share("min_score"),
        };
        return RecallChecks.ToQuery(tenant, request, resultsMax: 1, errors);
    }

    private static RecallFilterInput? FilterOf(QueryReader query, FieldErrors errors)
    {
        if (query.Text("filter") is not { } text)
            return null;
        try
        {
            return JsonSerializer.Deserialize(text, MemoryJsonContext.Default.RecallFilterInput);
        }
        catch (JsonException)
        {
            errors.Add("filter", "must be a JSON object of role, name, occurred_from, occurred_to and metadata");
            return null;
        }
    }
}
