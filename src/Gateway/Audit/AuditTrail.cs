using System.Globalization;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway.Audit;

/// <summary>
/// Writes into the tenant's audit trail what administrators did, exports among it, and what was refused to its callers; with
/// MEMORY_AUDIT=writes every write too. A wrong key is no tenant's: it leaves a line in the log. The answer waits for the entry.
/// </summary>
internal sealed partial class AuditTrail(
    RequestDelegate next, GatewayOptions options, IMemoryHost host, GatewayMeters meters, TimeProvider time, ILogger<AuditTrail> log)
{
    private const string Failed = "failed";

    public async Task InvokeAsync(HttpContext http)
    {
        var hasEnded = false;
        try
        {
            await next(http);
            hasEnded = true;
        }
        finally
        {
            await NoteAsync(http, hasEnded);
        }
    }

    private ValueTask NoteAsync(HttpContext http, bool hasEnded)
    {
        var status = http.Response.StatusCode;
        if (status == StatusCodes.Status401Unauthorized)
        {
            meters.Refused.Add(1, new KeyValuePair<string, object?>("reason", "unauthenticated"));
            LogUnauthenticated(log, http.Connection.RemoteIpAddress?.ToString(),
                http.Request.Headers.Count > 0 && HasCredential(http.Request));
            return ValueTask.CompletedTask;
        }

        var operation = http.GetEndpoint()?.Metadata.GetMetadata<Operation>();
        if (operation is null || http.GetRequestContext() is not { Caller.Scopes: not Scopes.None } request)
            return ValueTask.CompletedTask;

        // Beyond a limit nothing was done and nothing was decided; each try would be a row for ever.
        if (status == StatusCodes.Status429TooManyRequests)
            return ValueTask.CompletedTask;
        if (status == StatusCodes.Status403Forbidden)
            meters.Refused.Add(1, new KeyValuePair<string, object?>("reason", "forbidden"));
        else if (!IsAudited(http.Request.Method, operation) || (operation.AuditsItself && status < 400))
            return ValueTask.CompletedTask;
        return new ValueTask(AppendAsync(request, operation, hasEnded ? status.ToString(CultureInfo.InvariantCulture) : Failed));
    }

    private bool IsAudited(string method, Operation operation) => operation.Requirement switch
    {
        Requirement.Admin or Requirement.Operator => method != "GET" || operation.Unhurried,
        Requirement.Write => options.AuditsWrites,
        _ => false,
    };

    private async Task AppendAsync(RequestContext request, Operation operation, string outcome)
    {
        var caller = request.Caller;
        var entry = new AuditEntry(time.GetUtcNow(), caller.Id, operation.Id, request.Subject)
        {
            RequestId = request.RequestId, Outcome = outcome,
        };
        if (outcome == "403")
            LogForbidden(log, caller.Id, operation.Id);
        try
        {
            await host.Audit.AppendAsync(caller.Tenant, entry, CancellationToken.None);
            if (request.ActsOn is { } tenant && tenant != caller.Tenant)
                await host.Audit.AppendAsync(tenant, entry, CancellationToken.None);
        }
        catch (StoreUnavailableException failure)
        {
            // What was asked for has been done or refused; the log is then the only place that tells.
            LogNotWritten(log, failure, caller.Id, operation.Id, outcome);
        }
    }

    private static bool HasCredential(HttpRequest request) =>
        request.Headers.ContainsKey("X-Api-Key") || request.Headers.Authorization.Count > 0;

    [LoggerMessage(20, LogLevel.Warning, "A request from {Address} was refused: no valid key (one was sent: {HasKey})")]
    private static partial void LogUnauthenticated(ILogger log, string? address, bool hasKey);

    [LoggerMessage(21, LogLevel.Warning, "{Caller} was refused {Operation}")]
    private static partial void LogForbidden(ILogger log, string caller, string operation);

    [LoggerMessage(22, LogLevel.Error, "The audit entry of {Caller}, {Operation}, answered {Status}, could not be written")]
    private static partial void LogNotWritten(ILogger log, Exception failure, string caller, string operation, string status);
}
