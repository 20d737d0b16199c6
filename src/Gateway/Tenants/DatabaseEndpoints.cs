using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Tenants;

/// <summary>The databases that tenants are in; for operators.</summary>
internal sealed class DatabaseEndpoints(IDatabaseOperations databases)
{
    private const string Tag = "Tenants";
    private const string Path = "/v1/admin/databases";
    private const string OfTenant = "/v1/admin/tenants/{tenant}/database";
    private const int NameLengthMax = 40;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Path, ListAsync, new Operation("listDatabases", Tag, "The databases that tenants are in, each asked just now", Requirement.Operator)
        {
            Answer = typeof(DatabaseList),
        });
        routes.Map("GET", OfTenant, FindAsync, new Operation("getTenantDatabase", Tag, "The database that a tenant is in", Requirement.Operator)
        {
            Answer = typeof(TenantDatabaseResponse), Problems = [404],
        });
        routes.Map("PUT", OfTenant, PlaceAsync, new Operation("placeTenant", Tag, "Gives a new tenant a database", Requirement.Operator)
        {
            Body = typeof(TenantDatabaseRequest), Answer = typeof(TenantDatabaseResponse), Problems = [404, 409, 413, 415],
        });
    }

    private async Task ListAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;
        var all = await databases.ListDatabasesAsync(http.RequestAborted);
        var list = new DatabaseList([.. all.Select(static each => new DatabaseResponse(each.Name, each.Tenants, each.Bytes, each.Fault))]);
        await http.AnswerAsync(StatusCodes.Status200OK, list, MemoryJsonContext.Default.DatabaseList);
    }

    private async Task FindAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;
        if (TenantRoute.Find(http, (string?)http.GetRouteValue("tenant")) is not { } tenant)
            await http.AnswerAsync(ProblemMap.From(TenantRoute.NoSuchTenant));
        else
            await AnswerAsync(http, tenant, await databases.FindDatabaseAsync(tenant, http.RequestAborted));
    }

    private async Task PlaceAsync(HttpContext http)
    {
        var body = await JsonBody.ReadAsync(http, MemoryJsonContext.Default.TenantDatabaseRequest);
        if (body.Value is not { } request)
        {
            await http.AnswerAsync(body.Problem!);
            return;
        }

        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (request.Database is not { Length: > 0 and <= NameLengthMax })
            errors.Add("database", $"must be a name of 1 to {NameLengthMax} characters.");
        if (await http.RefuseAsync(errors))
            return;
        if (TenantRoute.Find(http, (string?)http.GetRouteValue("tenant")) is not { } tenant)
        {
            await http.AnswerAsync(ProblemMap.From(TenantRoute.NoSuchTenant));
            return;
        }

        var placed = await databases.PlaceTenantAsync(tenant, request.Database!, http.RequestAborted);
        await AnswerAsync(http, tenant, placed.IsSuccess ? placed.Value : placed.Error);
    }

    private static Task AnswerAsync(HttpContext http, string tenant, Outcome<string?> database) => http.AnswerAsync(
        database, name => new TenantDatabaseResponse(tenant, name), MemoryJsonContext.Default.TenantDatabaseResponse);
}
