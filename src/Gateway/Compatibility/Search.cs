using System.Diagnostics;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Recall;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Compatibility;

/// <summary>A recall answered in the flat form that both older clients read.</summary>
internal static class Search
{
    public static async Task AnswerAsync(
        HttpContext http, IRecallOperations recall, RecallQuery query, GatewayOptions options, GatewayMeters meters)
    {
        var started = Stopwatch.GetTimestamp();
        await AnswerAsync(http, query, await recall.RecallAsync(query, http.RequestAborted), options, meters, started);
    }

    // Not async: while the answer waits for its reader, nothing is to hold the contents that it was made of.
    private static Task AnswerAsync(
        HttpContext http, RecallQuery query, Outcome<RecallResult> found, GatewayOptions options, GatewayMeters meters, long started)
    {
        if (!found.IsSuccess)
            return http.AnswerAsync(ProblemMap.From(found.Error));
        meters.Recalled(query.Tenant, Stopwatch.GetElapsedTime(started), found.Value.Degraded.Count > 0);
        var contents = new ContentBudget(options.Limits, query.Query);
        var results = found.Value.Items.Select(item => ToResult(item, contents)).ToArray();
        return http.AnswerAsync(
            StatusCodes.Status200OK, new SearchResponse(query.Query, results.Length, results), MemoryJsonContext.Default.SearchResponse);
    }

    private static SearchResultResponse ToResult(RecalledItem item, ContentBudget contents) => new(
        item.Id,
        contents.Take(item.Content, out var isSnippet),
        item.Turn.Role,
        Math.Round(item.Score, 6),
        Math.Round(item.Relevance, 6),
        item.Turn.SessionId,
        item.Turn.SessionId,
        item.Turn.Id,
        item.Turn.OccurredAt,
        item.Turn.Name,
        isSnippet);
}
