using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Hosting;
using MemoryOrleans.Redaction;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Tenants;

/// <summary>
/// Settings and quotas of tenants. Whoever administers a tenant sees its own, and another one looks as if it were not there; operators see
/// and set those of any.
/// </summary>
internal sealed class TenantEndpoints(ITenantOperations tenants, TenantRates rates)
{
    private const string Tag = "Tenants";
    private const string Path = "/v1/admin/tenants";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Path, ListAsync,
            new Operation("listTenants", Tag, "The tenants the caller administers, with their settings", Requirement.Admin)
        {
            Answer = typeof(TenantPage),
        });
        routes.Map("GET", Path + "/{tenant}", GetAsync, new Operation("getTenant", Tag, "A tenant's settings", Requirement.Admin)
        {
            Answer = typeof(TenantResponse), Problems = [404],
        });
        routes.Map("PUT", Path + "/{tenant}", SetAsync,
            new Operation("setTenant", Tag, "Puts a tenant's settings in the place of those before", Requirement.Operator)
        {
            Body = typeof(TenantSettingsRequest), Answer = typeof(TenantResponse), Problems = [404, 413, 415],
        });
        routes.Map("PATCH", Path + "/{tenant}", MemoryJsonContext.Default.EditTenantRequest, EditAsync, new Operation(
            "editTenant", Tag, "Changes some of a tenant's settings", Requirement.Operator)
        {
            Answer = typeof(TenantResponse), Problems = [404, 413, 415],
        });
    }

    private async Task ListAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;
        var tenant = Own(http);
        var settings = await tenants.GetSettingsAsync(tenant, http.RequestAborted);
        await http.AnswerAsync(settings, each => new TenantPage([ToResponse(tenant, each)], NextCursor: null),
            MemoryJsonContext.Default.TenantPage);
    }

    private async Task GetAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;
        if (TenantRoute.Find(http, (string?)http.GetRouteValue("tenant")) is not { } tenant)
            await http.AnswerAsync(ProblemMap.From(TenantRoute.NoSuchTenant));
        else
            await AnswerAsync(http, tenant, await tenants.GetSettingsAsync(tenant, http.RequestAborted));
    }

    private async Task SetAsync(HttpContext http)
    {
        var body = await JsonBody.ReadAsync(http, MemoryJsonContext.Default.TenantSettingsRequest);
        if (body.Value is not { } request)
        {
            await http.AnswerAsync(body.Problem!);
            return;
        }

        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        var packs = TenantChecks.PacksOf(request.Redact, errors);
        if (await http.RefuseAsync(errors))
            return;
        var settings = new TenantSettings(request.TurnsPerMinuteMax)
        {
            RequestsPerMinuteMax = request.RequestsPerMinuteMax, MemoriesPerMinuteMax = request.MemoriesPerMinuteMax,
                BytesPerMinuteMax = request.BytesPerMinuteMax,
            RecallsPerMinuteMax = request.RecallsPerMinuteMax, KeySharePercent = request.KeySharePercent, Redact = packs,
        };
        if (TenantRoute.Find(http, (string?)http.GetRouteValue("tenant")) is not { } tenant)
            await http.AnswerAsync(ProblemMap.From(TenantRoute.NoSuchTenant));
        else
            await SetAsync(http, tenant, settings);
    }

    // Of two changes at a time to the same setting the later counts, and one to another setting may be lost: an operator's calls are few.
    private async Task EditAsync(HttpContext http, EditTenantRequest request)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        var edit = TenantChecks.ToEdit(request, errors);
        if (await http.RefuseAsync(errors))
            return;
        if (TenantRoute.Find(http, (string?)http.GetRouteValue("tenant")) is not { } tenant)
        {
            await http.AnswerAsync(ProblemMap.From(TenantRoute.NoSuchTenant));
            return;
        }

        var present = await tenants.GetSettingsAsync(tenant, http.RequestAborted);
        if (present.IsSuccess)
            await SetAsync(http, tenant, edit(present.Value));
        else
            await AnswerAsync(http, tenant, present);
    }

    private async Task SetAsync(HttpContext http, string tenant, TenantSettings settings)
    {
        var set = await tenants.SetSettingsAsync(tenant, settings, http.RequestAborted);
        rates.Forget(tenant);
        await AnswerAsync(http, tenant, set);
    }

    private static Task AnswerAsync(HttpContext http, string tenant, Outcome<TenantSettings> settings) =>
        http.AnswerAsync(settings, each => ToResponse(tenant, each), MemoryJsonContext.Default.TenantResponse);

    private static TenantResponse ToResponse(string tenant, TenantSettings settings) => new(
        tenant, settings.TurnsPerMinuteMax, settings.RequestsPerMinuteMax, settings.MemoriesPerMinuteMax, settings.BytesPerMinuteMax,
        settings.RecallsPerMinuteMax,
        settings.KeySharePercent, settings.Redact is { } packs ? RedactionNames.Of(packs) : null);

    private static string Own(HttpContext http) => http.GetRequestContext().Caller.Tenant;
}
