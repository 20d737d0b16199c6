using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Audit;

/// <summary>Whether the audit trail is whole. Reading it is among the erasures' calls, which wrote it first.</summary>
internal sealed class AuditEndpoints(IAuditOperations audit)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.Map("GET", "/v1/admin/audit/verification", VerifyAsync, new Operation(
            "verifyAudit", "Operations", "Whether the tenant's audit trail is whole: each entry is chained to the one before", Requirement.Admin)
        {
            Answer = typeof(AuditVerificationResponse),
        });

    private async Task VerifyAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var found = await audit.VerifyAsync(http.GetRequestContext().Caller.Tenant, http.RequestAborted);
        var answer = new AuditVerificationResponse(
            found.Broken is null, found.Entries, found.Unchained, found.Head, found.Broken is null ? null : found.BrokenAt, found.Broken?.At);
        await http.AnswerAsync(StatusCodes.Status200OK, answer, MemoryJsonContext.Default.AuditVerificationResponse);
    }
}
