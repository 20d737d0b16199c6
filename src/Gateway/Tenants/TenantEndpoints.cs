using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Hosting;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Tenants;

/// <summary>Settings and quotas of the caller's tenant. Another tenant's look like one that is not there.</summary>
internal sealed class TenantEndpoints(ITenantOperations tenants)
{
    private const string Tag = "Tenants";
    private const string Path = "/v1/admin/tenants";

    private static readonly MemoryError NoSuchTenant = new(ErrorCode.NotFound, "There is no such tenant.");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Path, ListAsync, new Operation("listTenants", Tag, "The tenants the caller administers, with their settings", Requirement.Admin)
        {
            Answer = typeof(TenantPage),
        });
        routes.Map("GET", Path + "/{tenant}", GetAsync, new Operation("getTenant", Tag, "A tenant's settings", Requirement.Admin)
        {
            Answer = typeof(TenantResponse), Problems = [404],
        });
        routes.Map("PUT", Path + "/{tenant}", SetAsync, new Operation("setTenant", Tag, "Puts a tenant's settings in the place of those before", Requirement.Admin)
        {
            Body = typeof(TenantSettingsRequest), Answer = typeof(TenantResponse), Problems = [404, 413, 415],
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
        await http.AnswerAsync(settings, each => new TenantPage([ToResponse(tenant, each)], NextCursor: null), MemoryJsonContext.Default.TenantPage);
    }

    private async Task GetAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;
        await AnswerAsync(http, IsOwn(http) ? await tenants.GetSettingsAsync(Own(http), http.RequestAborted) : NoSuchTenant);
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
        if (await http.RefuseAsync(errors))
            return;
        var settings = new TenantSettings(request.TurnsPerMinuteMax);
        await AnswerAsync(http, IsOwn(http) ? await tenants.SetSettingsAsync(Own(http), settings, http.RequestAborted) : NoSuchTenant);
    }

    private static Task AnswerAsync(HttpContext http, Outcome<TenantSettings> settings) =>
        http.AnswerAsync(settings, each => ToResponse(Own(http), each), MemoryJsonContext.Default.TenantResponse);

    private static TenantResponse ToResponse(string tenant, TenantSettings settings) => new(tenant, settings.TurnsPerMinuteMax);

    private static string Own(HttpContext http) => http.GetRequestContext().Caller.Tenant;

    private static bool IsOwn(HttpContext http) => (string?)http.GetRouteValue("tenant") == Own(http);
}
