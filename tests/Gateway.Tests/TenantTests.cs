using System.Text.Json;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Settings of a tenant over HTTP, and the quota that follows them.</summary>
public sealed class TenantTests
{
    [Fact]
    public async Task A_quota_set_over_http_holds_and_can_be_taken_away()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var none = await gateway.Client.GetTenantAsync("default");
        Assert.Equal(new TenantResponse("default", null, null, null, null, null, null, null), none);

        Assert.Equal(2, (await gateway.Client.SetTenantAsync("default", new TenantSettingsRequest { TurnsPerMinuteMax = 2 }))
            .TurnsPerMinuteMax);
        Assert.Equal(2, (await gateway.Client.GetTenantAsync("default")).TurnsPerMinuteMax);
        await AppendAsync(gateway);
        await AppendAsync(gateway);
        var refused = await Assert.ThrowsAsync<MemoryApiException>(() => AppendAsync(gateway));
        Assert.Equal(429, refused.Status);

        await gateway.Client.SetTenantAsync("default", new TenantSettingsRequest());
        await AppendAsync(gateway);
    }

    [Fact]
    public async Task One_setting_is_changed_and_the_others_stay()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await gateway.Client.SetTenantAsync("default", new TenantSettingsRequest { TurnsPerMinuteMax = 200 });
        var edited = await gateway.Client.EditTenantAsync("default", new EditTenantRequest { Redact = JsonElement.Parse("""["cards"]""") });
        Assert.Equal(200, edited.TurnsPerMinuteMax);
        Assert.Equal(["cards"], edited.Redact);
        Assert.Equal(edited.Redact, (await gateway.Client.GetTenantAsync("default")).Redact);
    }

    [Fact]
    public async Task Another_tenant_looks_like_none_and_a_wrong_quota_names_its_field()
    {
        await using var gateway =
            await RunningGateway.StartAsync("MEMORY_API_KEYS=acme:acme-admin-0123456789:admin,ops:operator-0123456789:operator");
        using var http = gateway.NewHttp("acme-admin-0123456789");
        var admin = new MemoryClient(http);
        var absent = await Assert.ThrowsAsync<MemoryApiException>(() => admin.GetTenantAsync("globex"));
        Assert.Equal(404, absent.Status);

        using var operatorHttp = gateway.NewHttp("operator-0123456789");
        var wrong = await Assert.ThrowsAsync<MemoryApiException>(
            () => new MemoryClient(operatorHttp).SetTenantAsync("globex", new TenantSettingsRequest { TurnsPerMinuteMax = 0 }));
        Assert.Equal(400, wrong.Status);
        Assert.Contains(wrong.Problem.Errors!, static each => each.Field == "turns_per_minute_max");
    }

    [Fact]
    public async Task Operators_set_any_tenants_quota_and_nobody_raises_its_own()
    {
        await using var gateway =
            await RunningGateway.StartAsync("MEMORY_API_KEYS=acme:acme-admin-0123456789:read+write+admin,ops:operator-0123456789:operator");
        using var acme = gateway.NewHttp("acme-admin-0123456789");
        using var operators = gateway.NewHttp("operator-0123456789");
        (await acme.CallAsync("PUT", "/v1/admin/tenants/acme", """{"turns_per_minute_max":1000}""")).IsProblem(403, "insufficient_scope");
        Assert.Equal(7, (await new MemoryClient(operators).SetTenantAsync("acme", new TenantSettingsRequest { TurnsPerMinuteMax = 7 }))
            .TurnsPerMinuteMax);
        Assert.Equal(7, (await new MemoryClient(acme).GetTenantAsync("acme")).TurnsPerMinuteMax);
        var trail = await new MemoryClient(acme).ListAuditAsync();
        Assert.Contains(trail.Items, static entry => entry is { Action: "setTenant", Outcome: "200" });
    }

    private static Task AppendAsync(RunningGateway gateway) =>
        gateway.Client.AppendAsync("s", new AppendTurnRequest { Role = "user", Content = "hello" });
}
