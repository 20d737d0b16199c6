using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Audit;

/// <summary>
/// Whether the audit trail is whole, and all of it as a stream. Reading it by pages is among the erasures' calls, which wrote it first.
/// </summary>
internal sealed class AuditEndpoints(IAuditOperations audit, TimeProvider time)
{
    private const int EntriesAtOnce = 1_000;

    // Lines of a stream are data, and no part of a page.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/v1/admin/audit/verification", VerifyAsync, new Operation(
            "verifyAudit", "Operations", "Whether the tenant's audit trail is whole: each entry is chained to the one before",
            Requirement.Admin)
        {
            Answer = typeof(AuditVerificationResponse),
        });
        routes.Map("GET", "/v1/admin/audit/export", ExportAsync, new Operation(
            "exportAudit", "Operations", "All of the tenant's audit trail, oldest first, with the hashes that chain it", Requirement.Admin)
        {
            AnswerType = TransferFormat.MediaType, Unhurried = true,
        });
    }

    private async Task VerifyAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var found = await audit.VerifyAsync(http.GetRequestContext().Caller.Tenant, http.RequestAborted);
        var answer = new AuditVerificationResponse(
            found.Broken is null, found.Entries, found.Unchained, found.Head, found.Broken is null
            ? null : found.BrokenAt, found.Broken?.At, found.Removed);
        await http.AnswerAsync(StatusCodes.Status200OK, answer, MemoryJsonContext.Default.AuditVerificationResponse);
    }

    private async Task ExportAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var tenant = http.GetRequestContext().Caller.Tenant;
        var anchor = await audit.ReadAnchorAsync(tenant, http.RequestAborted);
        http.Response.ContentType = TransferFormat.MediaType;
        Write(http, new AuditExportHeader(tenant, time.GetUtcNow(), anchor.Removed, anchor.Hash),
            MemoryJsonContext.Default.AuditExportHeader);
        for (var after = 0L; ;)
        {
            var rows = await audit.ReadAsync(tenant, after, EntriesAtOnce, http.RequestAborted);
            foreach (var (_, entry, hash) in rows)
            {
                var line = new AuditExportEntry(entry.At, entry.Caller, entry.Action, entry.Subject, entry.RequestId, entry.Outcome, hash);
                Write(http, line, MemoryJsonContext.Default.AuditExportEntry);
            }

            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            if (rows.Count < EntriesAtOnce)
                return;
            after = rows[^1].Key;
        }
    }

    private static void Write<T>(HttpContext http, T line, JsonTypeInfo<T> type)
    {
        using (var json = new Utf8JsonWriter(http.Response.BodyWriter, Relaxed))
            JsonSerializer.Serialize(json, line, type);
        "\n"u8.CopyTo(http.Response.BodyWriter.GetSpan(1));
        http.Response.BodyWriter.Advance(1);
    }
}
