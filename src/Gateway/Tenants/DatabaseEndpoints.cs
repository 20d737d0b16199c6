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
    private const string Move = "/v1/admin/tenants/{tenant}/move";
    private const int NameLengthMax = 40;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Path, ListAsync,
            new Operation("listDatabases", Tag, "The databases that tenants are in, each asked just now", Requirement.Operator)
        {
            Answer = typeof(DatabaseList),
        });
        routes.Map("GET", OfTenant, FindAsync,
            new Operation("getTenantDatabase", Tag, "The database that a tenant is in", Requirement.Operator)
        {
            Answer = typeof(TenantDatabaseResponse), Problems = [404],
        });
        routes.Map("PUT", OfTenant, PlaceAsync, new Operation("placeTenant", Tag, "Gives a new tenant a database", Requirement.Operator)
        {
            Body = typeof(TenantDatabaseRequest), Answer = typeof(TenantDatabaseResponse), Problems = [404, 409, 413, 415],
        });
        routes.Map("POST", Move, MoveAsync,
            new Operation("moveTenant", Tag, "Begins to move a tenant to another database", Requirement.Operator)
        {
            Body = typeof(TenantDatabaseRequest), Answer = typeof(TenantMoveResponse), Status = StatusCodes.Status202Accepted,
                Problems = [404, 409, 413, 415],
        });
        routes.Map("GET", Move, FindMoveAsync,
            new Operation("getTenantMove", Tag, "How far the newest move of a tenant is", Requirement.Operator)
        {
            Answer = typeof(TenantMoveResponse), Problems = [404],
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
        if (await TenantRoute.FindAsync(http, new FieldErrors()) is { } tenant)
            await AnswerAsync(http, tenant, await databases.FindDatabaseAsync(tenant, http.RequestAborted));
    }

    private async Task PlaceAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not var (tenant, database))
            return;
        var placed = await databases.PlaceTenantAsync(tenant, database, http.RequestAborted);
        await AnswerAsync(http, tenant, placed.IsSuccess ? placed.Value : placed.Error);
    }

    private async Task MoveAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not var (tenant, database))
            return;
        var begun = await databases.MoveTenantAsync(tenant, database, http.RequestAborted);
        if (begun.IsSuccess)
            await http.AnswerAsync(StatusCodes.Status202Accepted, ToResponse(begun.Value), MemoryJsonContext.Default.TenantMoveResponse);
        else
            await http.AnswerAsync(ProblemMap.From(begun.Error));
    }

    private async Task FindMoveAsync(HttpContext http)
    {
        if (await TenantRoute.FindAsync(http, new FieldErrors()) is { } tenant)
            await http.AnswerAsync(await databases.FindMoveAsync(tenant, http.RequestAborted), ToResponse,
                MemoryJsonContext.Default.TenantMoveResponse);
    }

    /// <summary>The tenant and the database that a call names; null when it was answered with what is wrong.</summary>
    private static async Task<(string Tenant, string Database)?> ReadAsync(HttpContext http)
    {
        var body = await JsonBody.ReadAsync(http, MemoryJsonContext.Default.TenantDatabaseRequest);
        if (body.Value is not { } request)
        {
            await http.AnswerAsync(body.Problem!);
            return null;
        }

        var errors = new FieldErrors();
        if (request.Database is not { Length: > 0 and <= NameLengthMax })
            errors.Add("database", $"must be a name of 1 to {NameLengthMax} characters.");
        return await TenantRoute.FindAsync(http, errors) is { } tenant ? (tenant, request.Database!) : null;
    }

    private static Task AnswerAsync(HttpContext http, string tenant, Outcome<string?> database) => http.AnswerAsync(
        database, name => new TenantDatabaseResponse(tenant, name), MemoryJsonContext.Default.TenantDatabaseResponse);

    private static TenantMoveResponse ToResponse(TenantMove move) => new(
        move.Tenant, move.Source, move.Target, StateOf(move.State), move.Rows, move.StartedAt, move.EndedAt, move.HeldFrom, move.HeldUntil,
        move.Error);

    private static string StateOf(MoveState state) => state switch
    {
        MoveState.Copying => "copying",
        MoveState.Holding => "holding",
        MoveState.Switched => "switched",
        MoveState.Done => "done",
        _ => "failed",
    };
}
