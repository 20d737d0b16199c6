using MemoryOrleans.Client;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Where tenants are, over HTTP, of a memory that has one database; what several do is the stores' to show.</summary>
public sealed class DatabaseTests
{
    [Fact]
    public async Task A_memory_of_one_database_has_every_tenant_at_home_and_moves_none()
    {
        await using var gateway = await RunningGateway.StartAsync();
        Assert.Equal([("home", null)], (await gateway.Client.ListDatabasesAsync()).Items.Select(static each => (each.Name, each.Fault)));
        Assert.Equal("home", (await gateway.Client.GetTenantDatabaseAsync("acme")).Database);
        Assert.Equal("home", (await gateway.Client.PlaceTenantAsync("acme", "home")).Database);
        foreach (var elsewhere in new Func<Task>[] { () => gateway.Client.PlaceTenantAsync("acme", "two"),
            () => gateway.Client.MoveTenantAsync("acme", "two") })
        {
            var refused = await Assert.ThrowsAsync<MemoryApiException>(elsewhere);
            Assert.Equal(400, refused.Status);
            Assert.Contains(refused.Problem.Errors!, static each => each.Field == "database");
        }

        Assert.Equal(404, (await Assert.ThrowsAsync<MemoryApiException>(() => gateway.Client.GetTenantMoveAsync("acme"))).Status);
    }

    [Fact]
    public async Task Only_operators_are_told_where_tenants_are_and_bad_names_are_refused()
    {
        await using var gateway =
            await RunningGateway.StartAsync("MEMORY_API_KEYS=acme:acme-admin-0123456789:read+write+admin,ops:operator-0123456789:operator");
        using var acme = gateway.NewHttp("acme-admin-0123456789");
        using var operators = gateway.NewHttp("operator-0123456789");
        foreach (var (method, path, body) in new[]
        {
            ("GET", "/v1/admin/databases", null), ("GET", "/v1/admin/tenants/acme/database", null),
                ("GET", "/v1/admin/tenants/acme/move", null),
            ("PUT", "/v1/admin/tenants/acme/database", """{"database":"home"}"""),
            ("POST", "/v1/admin/tenants/acme/move", """{"database":"home"}"""),
        })
            (await acme.CallAsync(method, path, body)).IsProblem(403, "insufficient_scope");

        foreach (var body in new[] { "{}", """{"database":""}""", """{"database":7}""", """{"database":"home","more":1}""" })
        {
            Assert.Equal(400, (int)(await operators.CallAsync("POST", "/v1/admin/tenants/acme/move", body)).Status);
            Assert.Equal(400, (int)(await operators.CallAsync("PUT", "/v1/admin/tenants/acme/database", body)).Status);
        }

        (await operators.CallAsync("GET", "/v1/admin/tenants/%20/database", null)).IsProblem(404, "not_found");
    }
}
