using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Tenants;

/// <summary>The keys of a tenant: make, list, rotate, revoke. A key's text is in the answer that makes it, and nowhere else.</summary>
internal sealed class KeyEndpoints(IKeyOperations keys, StoredKeys stored, GatewayOptions options)
{
    /// <summary>The longest overlap of a rotation.</summary>
    public const int OverlapSecondsMax = 30 * 86_400;

    private const string Tag = "Keys";
    private const string Path = "/v1/admin/keys";
    private const int LimitDefault = 50;

    private static readonly Parameter Tenant =
        new("tenant", Place.Query, "Whose keys; default the caller's own tenant, another one is for operators.");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Path, ListAsync,
            new Operation("listKeys", Tag, "A tenant's keys, newest first, those that ended for 90 days more", Requirement.Admin)
        {
            Answer = typeof(KeyPage), Problems = [404], Parameters = [Tenant, Parameters.Limit, Parameters.Cursor],
        });
        routes.Map("POST", Path, MemoryJsonContext.Default.MakeKeyRequest, MakeAsync, new Operation(
            "makeKey", Tag, "Makes a key; its text is shown this once", Requirement.Admin)
        {
            Answer = typeof(ShownKeyResponse), Status = StatusCodes.Status201Created, Problems = [404, 409, 413, 415],
                Parameters = [Tenant],
        });
        routes.Map("GET", Path + "/{id}", GetAsync, new Operation("getKey", Tag, "One key, without its secret", Requirement.Admin)
        {
            Answer = typeof(KeyResponse), Problems = [404], Parameters = [Tenant],
        });
        routes.Map("POST", Path + "/{id}/rotate", MemoryJsonContext.Default.RotateKeyRequest, RotateAsync, new Operation(
            "rotateKey", Tag, "Gives a key a new secret, shown this once; the one before stays good for the overlap", Requirement.Admin)
        {
            Answer = typeof(ShownKeyResponse), Problems = [404, 409, 413, 415], Parameters = [Tenant],
        });
        routes.Map("DELETE", Path + "/{id}", RevokeAsync, new Operation("revokeKey", Tag, "Ends a key for good", Requirement.Admin)
        {
            Answer = typeof(KeyResponse), Problems = [404], Parameters = [Tenant],
        });
    }

    private async Task ListAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var limit = query.Integer("limit", 1, 100) ?? LimitDefault;
        if (await FindTenantAsync(http, query, errors) is not { } tenant)
            return;
        var page = await keys.ListAsync(tenant, query.Text("cursor"), limit, http.RequestAborted);
        await http.AnswerAsync(page, each => new KeyPage([.. each.Items.Select(key => ToResponse(tenant, key))], each.NextCursor),
            MemoryJsonContext.Default.KeyPage);
    }

    private async Task MakeAsync(HttpContext http, MakeKeyRequest request)
    {
        var errors = new FieldErrors();
        if (await FindTenantAsync(http, new QueryReader(http, errors), errors) is not { } tenant)
            return;
        var draft = new KeyDraft(request.Name ?? string.Empty, request.Scopes ?? ["read", "write"], request.Users ?? [],
            request.Agents ?? [])
        {
            RequiresUser = request.RequiresUser ?? false, ExpiresAt = request.ExpiresAt,
        };
        var made = await keys.MakeAsync(tenant, draft, http.GetRequestContext().Caller.Id, options.TenantKeysMax, http.RequestAborted);
        await AnswerShownAsync(http, tenant, made, StatusCodes.Status201Created);
    }

    private async Task GetAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var id = IdOf(http, errors);
        if (await FindTenantAsync(http, query, errors) is { } tenant)
            await http.AnswerAsync(await keys.GetAsync(tenant, id, http.RequestAborted), key => ToResponse(tenant, key),
                MemoryJsonContext.Default.KeyResponse);
    }

    private async Task RotateAsync(HttpContext http, RotateKeyRequest request)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var id = IdOf(http, errors);
        if (request.OverlapSeconds is < 0 or > OverlapSecondsMax)
            errors.Add("overlap_seconds", $"must be a whole number from 0 to {OverlapSecondsMax}");
        if (await FindTenantAsync(http, query, errors) is not { } tenant)
            return;
        var overlap = request.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.KeyOverlap;
        var rotated = await keys.RotateAsync(tenant, id, overlap, http.RequestAborted);
        stored.Forget(tenant, id);
        await AnswerShownAsync(http, tenant, rotated, StatusCodes.Status200OK);
    }

    private async Task RevokeAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var id = IdOf(http, errors);
        if (await FindTenantAsync(http, query, errors) is not { } tenant)
            return;
        var revoked = await keys.RevokeAsync(tenant, id, http.RequestAborted);
        stored.Forget(tenant, id);
        await http.AnswerAsync(revoked, key => ToResponse(tenant, key), MemoryJsonContext.Default.KeyResponse);
    }

    /// <summary>The tenant that the call is about; null when what is wrong has been answered.</summary>
    private static async ValueTask<string?> FindTenantAsync(HttpContext http, QueryReader query, FieldErrors errors)
    {
        var named = query.Text("tenant");
        if (await http.RefuseAsync(errors))
            return null;
        var tenant = TenantRoute.Find(http, named);
        if (tenant is null)
            await http.AnswerAsync(ProblemMap.From(TenantRoute.NoSuchTenant));
        return tenant;
    }

    private static string IdOf(HttpContext http, FieldErrors errors)
    {
        var id = (string?)http.Request.RouteValues["id"] ?? string.Empty;
        if (TextRules.IdFault(id) is { } fault)
            errors.Add("id", fault);
        else
            http.GetRequestContext().Subject = $"key:{id}";
        return id;
    }

    private static Task AnswerShownAsync(HttpContext http, string tenant, Outcome<ShownKey> shown, int status)
    {
        if (shown.IsSuccess)
            http.GetRequestContext().Subject = $"key:{shown.Value.Key.Id}";
        return http.AnswerAsync(
            shown, each => new ShownKeyResponse(each.Text, ToResponse(tenant, each.Key)), MemoryJsonContext.Default.ShownKeyResponse,
            status);
    }

    private static KeyResponse ToResponse(string tenant, ApiKey key) => new(
        tenant, key.Id, KeyText.PrefixOf(tenant, key.Id), key.Name, key.Scopes, key.Users, key.Agents, key.RequiresUser, key.MadeAt,
        key.MadeBy,
        key.ExpiresAt, key.RotatedAt, key.PreviousUntil, key.RevokedAt);
}
