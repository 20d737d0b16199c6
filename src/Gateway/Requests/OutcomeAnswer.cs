using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Gateway.Problems;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>How an outcome of the host, or what is wrong with a request, becomes the answer.</summary>
internal static class OutcomeAnswer
{
    /// <summary>Answers with all that is wrong with the request; false, and nothing is answered, when nothing is.</summary>
    public static async ValueTask<bool> RefuseAsync(this HttpContext http, FieldErrors errors)
    {
        if (errors.ToProblem() is not { } problem)
            return false;
        await http.AnswerAsync(problem);
        return true;
    }

    /// <summary>Answers with the host's error; false, and nothing is answered, when there is none.</summary>
    public static async ValueTask<bool> RefuseAsync(this HttpContext http, MemoryError? error)
    {
        if (error is null)
            return false;
        await http.AnswerAsync(ProblemMap.From(error));
        return true;
    }

    /// <summary>The request's body; without a value its problem has been answered.</summary>
    public static async ValueTask<JsonBody<T>> ReadBodyAsync<T>(this HttpContext http, JsonTypeInfo<T> type, bool withDigest = false)
        where T : class
    {
        var body = await JsonBody.ReadAsync(http, type, withDigest);
        if (body.Problem is { } problem)
            await http.AnswerAsync(problem);
        return body;
    }

    public static Task AnswerAsync<T, TAnswer>(
        this HttpContext http, Outcome<T> outcome, Func<T, TAnswer> toAnswer, JsonTypeInfo<TAnswer> type,
        int status = StatusCodes.Status200OK) =>
        outcome.IsSuccess
            ? http.AnswerAsync(status, toAnswer(outcome.Value), type)
            : http.AnswerAsync(ProblemMap.From(outcome.Error));

    /// <summary>The same, with the version as ETag.</summary>
    public static Task AnswerTaggedAsync<T, TAnswer>(
        this HttpContext http, Outcome<T> outcome, Func<T, long> versionOf, Func<T, TAnswer> toAnswer, JsonTypeInfo<TAnswer> type,
        int status = StatusCodes.Status200OK)
    {
        if (outcome.IsSuccess)
            http.Response.Headers.ETag = EntityTag.Of(versionOf(outcome.Value));
        return http.AnswerAsync(outcome, toAnswer, type, status);
    }

    /// <summary>204, or the problem.</summary>
    public static Task AnswerEmptyAsync<T>(this HttpContext http, Outcome<T> outcome)
    {
        if (!outcome.IsSuccess)
            return http.AnswerAsync(ProblemMap.From(outcome.Error));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
