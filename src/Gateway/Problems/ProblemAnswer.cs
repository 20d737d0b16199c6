using System.Globalization;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Problems;

/// <summary>Writes a problem as RFC 9457 problem details.</summary>
internal static class ProblemAnswer
{
    private const string ContentType = "application/problem+json";
    private const string TypePrefix = "urn:memoryorleans:problem:";

    public static Task AnswerAsync(this HttpContext http, Problem problem)
    {
        var kind = problem.Kind;
        if (problem.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (kind.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"memory\"";
        var body = new ProblemResponse(
            TypePrefix + kind.Code, kind.Title, kind.Status, problem.Detail, kind.Code, http.GetRequestContext().RequestId, problem.Errors);
        return http.AnswerAsync(kind.Status, body, MemoryJsonContext.Default.ProblemResponse, ContentType);
    }
}
