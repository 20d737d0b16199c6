using MemoryOrleans.Contracts;
using MemoryOrleans.Episodes;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Sessions;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Memories;

/// <summary>Distillation on demand.</summary>
internal sealed class DistilEndpoint(IMemoryOperations memories, GatewayOptions options)
{
    internal static readonly OtherAnswer GoesOn = new(
        StatusCodes.Status202Accepted, "It takes long and goes on; asked again, the call waits for the same distillation.",
        RetryLater: true);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/v1/sessions/{id}/distillation", GetProgressAsync, new Operation(
            "getDistillation", "Sessions", "How far a session is distilled", Requirement.Read)
        {
            Answer = typeof(DistillationProgressResponse), Problems = [404], Reach = Reach.Session,
        });
        routes.Map("POST", "/v1/sessions/{id}/distill", DistilAsync,
            new Operation("distilSession", "Sessions", "Distils the session's new turns now", Requirement.Write)
        {
            Answer = typeof(DistillationResponse), Problems = [404], Reach = Reach.Session, Also = [GoesOn],
        });
    }

    /// <summary>200 with what was made; or, when it takes longer than <paramref name="patience"/>, 202 while it goes on.</summary>
    public static async Task AnswerAsync(HttpContext http, IMemoryOperations memories, SessionKey key, TimeSpan patience)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        enough.CancelAfter(patience);
        Outcome<DistillationReport> distilled;
        try
        {
            distilled = await memories.DistilAsync(key, enough.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            http.Response.Headers.RetryAfter = "2";
            await http.AnswerAsync(
                StatusCodes.Status202Accepted, new DistillationResponse(key.Id, 0, 0, 0, [], [], Status: "running"),
                MemoryJsonContext.Default.DistillationResponse);
            return;
        }

        if (await http.RefuseAsync(distilled.Error))
            return;

        var report = distilled.Value;
        var answer = new DistillationResponse(key.Id, report.Episodes.Count, report.Facts.Count, report.Turns, report.Episodes,
            report.Facts);
        await http.AnswerAsync(StatusCodes.Status200OK, answer, MemoryJsonContext.Default.DistillationResponse);
    }

    private async Task GetProgressAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var progress = await memories.GetProgressAsync(key, http.RequestAborted);
        await http.AnswerAsync(
            progress,
            each => new DistillationProgressResponse(key.Id, each.Turns, each.Distilled, each.Pending,
            each.Pending == 0 ? "complete" : "pending"),
            MemoryJsonContext.Default.DistillationProgressResponse);
    }

    private async Task DistilAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        if (!await http.RefuseAsync(errors))
            await AnswerAsync(http, memories, key, options.DistilPatience);
    }
}
