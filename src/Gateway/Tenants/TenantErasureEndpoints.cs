using MemoryOrleans.Contracts;
using MemoryOrleans.Erasures;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Tenants;

/// <summary>Erasing a tenant as a whole, and how far that is; for operators.</summary>
internal sealed class TenantErasureEndpoints(IErasureOperations erasures, TenantRates rates)
{
    private const string Tag = "Tenants";
    private const string Path = "/v1/admin/tenants/{tenant}";

    // What is done by then is answered as done.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("DELETE", Path, EraseAsync, new Operation(
            "eraseTenant", Tag, "Erases a tenant as a whole, for good: all that is stored of it but its audit trail", Requirement.Operator)
        {
            Answer = typeof(TenantErasureResponse), Status = StatusCodes.Status202Accepted, Problems = [404, 409],
        });
        routes.Map("GET", Path + "/erasure", GetAsync, new Operation(
            "getTenantErasure", Tag, "How far the newest erasure of a tenant as a whole is, and its certificate", Requirement.Operator)
        {
            Answer = typeof(TenantErasureResponse), Problems = [404],
        });
    }

    private async Task EraseAsync(HttpContext http)
    {
        if (await TenantRoute.FindAsync(http, new FieldErrors()) is not { } tenant)
            return;
        var caller = http.GetRequestContext().Caller;
        var erased = await erasures.EraseTenantAsync(tenant, caller.Id, caller.Tenant, Patience, http.RequestAborted);
        rates.Forget(tenant);
        await AnswerAsync(http, tenant, erased, StatusCodes.Status202Accepted);
    }

    private async Task GetAsync(HttpContext http)
    {
        if (await TenantRoute.FindAsync(http, new FieldErrors()) is { } tenant)
            await AnswerAsync(http, tenant, await erasures.GetTenantErasureAsync(tenant, http.RequestAborted), StatusCodes.Status200OK);
    }

    private static Task AnswerAsync(HttpContext http, string tenant, Outcome<TenantErasure> erasure, int status) => http.AnswerAsync(
        erasure,
        each => new TenantErasureResponse(
            tenant, each.Id, each.IsDone ? "done" : "running", each.Requester, each.RequestedAt, each.CompletedAt,
            each.Rows.ToDictionary(static row => row.Table, static row => row.Count)),
        MemoryJsonContext.Default.TenantErasureResponse,
        status);
}
