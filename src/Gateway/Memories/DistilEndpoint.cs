using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Sessions;
using MemoryOrleans.Hosting;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Memories;

/// <summary>Distillation on demand.</summary>
internal sealed class DistilEndpoint(IMemoryOperations memories)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.Map("POST", "/v1/sessions/{id}/distill", DistilAsync, new Operation("distilSession", "Sessions", "Distils the session's new turns now", Requirement.Write)
        {
            Answer = typeof(DistillationResponse), Problems = [404],
        });

    public static async Task AnswerAsync(HttpContext http, IMemoryOperations memories, SessionKey key)
    {
        var distilled = await memories.DistilAsync(key, http.RequestAborted);
        if (await http.RefuseAsync(distilled.Error))
            return;

        var report = distilled.Value;
        var answer = new DistillationResponse(key.Id, report.Episodes.Count, report.Facts.Count, report.Turns, report.Episodes, report.Facts);
        await http.AnswerAsync(StatusCodes.Status200OK, answer, MemoryJsonContext.Default.DistillationResponse);
    }

    private async Task DistilAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        if (!await http.RefuseAsync(errors))
            await AnswerAsync(http, memories, key);
    }
}
