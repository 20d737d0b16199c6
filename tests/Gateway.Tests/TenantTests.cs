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
        Assert.Equal(new TenantResponse("default", null), none);

        Assert.Equal(2, (await gateway.Client.SetTenantAsync("default", new TenantSettingsRequest { TurnsPerMinuteMax = 2 })).TurnsPerMinuteMax);
        Assert.Equal(2, (await gateway.Client.GetTenantAsync("default")).TurnsPerMinuteMax);
        await AppendAsync(gateway);
        await AppendAsync(gateway);
        var refused = await Assert.ThrowsAsync<MemoryApiException>(() => AppendAsync(gateway));
        Assert.Equal(429, refused.Status);

        await gateway.Client.SetTenantAsync("default", new TenantSettingsRequest());
        await AppendAsync(gateway);
    }

    [Fact]
    public async Task Another_tenant_looks_like_none_and_a_wrong_quota_names_its_field()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var absent = await Assert.ThrowsAsync<MemoryApiException>(() => gateway.Client.GetTenantAsync("others"));
        Assert.Equal(404, absent.Status);
        absent = await Assert.ThrowsAsync<MemoryApiException>(() => gateway.Client.SetTenantAsync("others", new TenantSettingsRequest()));
        Assert.Equal(404, absent.Status);

        var wrong = await Assert.ThrowsAsync<MemoryApiException>(
            () => gateway.Client.SetTenantAsync("default", new TenantSettingsRequest { TurnsPerMinuteMax = 0 }));
        Assert.Equal(400, wrong.Status);
        Assert.Contains(wrong.Problem.Errors!, static each => each.Field == "turns_per_minute_max");
    }

    private static Task AppendAsync(RunningGateway gateway) =>
        gateway.Client.AppendAsync("s", new AppendTurnRequest { Role = "user", Content = "hello" });
}
