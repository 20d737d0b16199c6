using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Transfer;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace MemoryOrleans.Gateway.Transfer;

/// <summary>A tenant as a stream, out and in. Neither the deadline nor the size limit of other requests holds for them.</summary>
internal sealed class TransferEndpoints(ITransferOperations transfers, GatewayOptions options, CallerShare share)
{
    private const string Tag = "Operations";

    // A transfer that is slower for so long is given up.
    private readonly MinDataRate rateMin = new(options.Limits.DataRateMinBytes, options.Limits.TransferPatience);

    private readonly SharedBudget places = new(options.Limits.TransfersMax, share);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/v1/admin/export", ExportAsync,
            new Operation("export", Tag, "All of the caller's tenant, as of one moment", Requirement.Admin)
        {
            AnswerType = TransferFormat.MediaType, Unhurried = true,
        });
        routes.Map("POST", "/v1/admin/import", ImportAsync,
            new Operation("import", Tag, "Brings an export into the caller's tenant", Requirement.Admin)
        {
            BodyType = TransferFormat.MediaType, Answer = typeof(ImportResponse), Unhurried = true, Problems = [409, 415],
        });
    }

    private Task ExportAsync(HttpContext http) => AdmitAsync(http, async () =>
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = rateMin;
        http.Response.ContentType = TransferFormat.MediaType;
        await transfers.ExportAsync(http.GetRequestContext().Caller.Tenant, http.Response.Body, http.RequestAborted);
    });

    private Task ImportAsync(HttpContext http) => AdmitAsync(http, async () =>
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        if (http.Request.ContentType?.Split(';')[0].Trim().Equals(TransferFormat.MediaType, StringComparison.OrdinalIgnoreCase) != true)
        {
            await http.AnswerAsync(ProblemMap.ImportMediaType());
            return;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = rateMin;
        var tenant = http.GetRequestContext().Caller.Tenant;
        var imported = await transfers.ImportAsync(tenant, http.Request.Body, options.ImportLineBytesMax, http.RequestAborted);
        await http.AnswerAsync(imported, each => ToResponse(tenant, each), MemoryJsonContext.Default.ImportResponse);
    });

    private async Task AdmitAsync(HttpContext http, Func<Task> transfer)
    {
        var caller = http.GetRequestContext().Caller;
        if (!places.TryTake(caller, 1))
        {
            await http.AnswerAsync(ProblemMap.TransfersBusy());
            return;
        }

        try
        {
            await transfer();
        }
        finally
        {
            places.GiveBack(caller, 1);
        }
    }

    private static ImportResponse ToResponse(string tenant, ImportReport report) => new(
        tenant, report.Header.Tenant, report.Header.ExportedAt, ToResponse(report.Trailer.Counts), ToResponse(report.Added),
        report.Trailer.RecordsSha256);

    private static TransferCountsResponse ToResponse(TransferCounts counts) => new(
        counts.Sessions, counts.Turns, counts.DeletedSessions, counts.MemoryVersions, counts.Entities, counts.Observations,
        counts.Relations);
}
