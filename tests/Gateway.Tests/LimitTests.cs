using System.Net;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>
/// Limits of a tenant and of its keys in a minute: refused with 429 beyond them, told in headers, and no other tenant's matter.
/// </summary>
public sealed class LimitTests
{
    private const string Settings =
        "MEMORY_API_KEYS=acme:acme-one-0123456789:read+write,acme:acme-two-0123456789:read+write,globex:globex-key-0123456789:read+write,ops:operator-0123456789:operator";

    [Theory]
    [InlineData("recalls", "POST", "/v1/recall", """{"query":"x"}""")]
    [InlineData("memories", "POST", "/v1/memories", """{"kind":"note","content":"Rye bread."}""")]
    [InlineData("requests", "GET", "/v1/sessions", null)]
    public async Task Beyond_a_tenants_limit_is_429_with_the_headers_of_the_draft(string what, string method, string path, string? body)
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        await SetAsync(gateway, $$"""{"{{what}}_per_minute_max":3}""");
        using var acme = gateway.NewHttp("acme-one-0123456789");
        for (var i = 0; i < 3; i++)
        {
            var taken = await acme.CallAsync(method, path, body);
            Assert.True(taken.Response.IsSuccessStatusCode, taken.Text);
            Assert.Equal($"\"tenant-{what}\";q=3;w=60", taken.Header("RateLimit-Policy"));
            Assert.Equal($"\"tenant-{what}\";r={2 - i};t=60", taken.Header("RateLimit"));
        }

        var refused = await acme.CallAsync(method, path, body);
        refused.IsProblem(429, "rate_limited");
        Assert.InRange(int.Parse(refused.Header("Retry-After"), System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.StartsWith($"\"tenant-{what}\";r=0;t=", refused.Header("RateLimit"), StringComparison.Ordinal);

        using var globex = gateway.NewHttp("globex-key-0123456789");
        var others = await globex.CallAsync(method, path, body);
        Assert.True(others.Response.IsSuccessStatusCode, others.Text);
        Assert.Equal(string.Empty, others.Header("RateLimit"));

        await SetAsync(gateway, "{}");
        Assert.True((await acme.CallAsync(method, path, body)).Response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Bytes_of_bodies_are_counted_also_of_those_that_do_not_say_their_length()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        await SetAsync(gateway, """{"bytes_per_minute_max":5000}""");
        using var acme = gateway.NewHttp("acme-one-0123456789");
        var said = Calls.Said(new string('x', 3_000));
        Assert.Equal(HttpStatusCode.Created, (await acme.CallAsync("POST", "/v1/sessions/s/turns", said)).Status);
        (await acme.CallAsync("POST", "/v1/sessions/s/turns", said)).IsProblem(429, "rate_limited");
        (await acme.CallAsync("POST", "/v1/sessions/s/turns", said, "Transfer-Encoding: chunked")).IsProblem(429, "rate_limited");
        Assert.Equal(HttpStatusCode.Created, (await acme.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("short"))).Status);
    }

    [Fact]
    public async Task One_key_gets_its_share_of_the_tenants_limits_and_leaves_the_rest_to_the_others()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        await SetAsync(gateway, """{"recalls_per_minute_max":10,"turns_per_minute_max":10,"key_share_percent":40}""");
        using var one = gateway.NewHttp("acme-one-0123456789");
        using var two = gateway.NewHttp("acme-two-0123456789");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await one.CallAsync("POST", "/v1/recall", """{"query":"x"}""")).Status);
            Assert.Equal(HttpStatusCode.Created, (await one.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("x"))).Status);
        }

        Assert.Contains("key-recalls",
            (await one.CallAsync("POST", "/v1/recall", """{"query":"x"}""")).IsProblem(429, "rate_limited").GetProperty("detail")
            .GetString(), StringComparison.Ordinal);
        Assert.Contains("key-turns",
            (await one.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("x"))).IsProblem(429, "rate_limited").GetProperty("detail")
            .GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await two.CallAsync("POST", "/v1/recall", """{"query":"x"}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await two.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("x"))).Status);
    }

    [Fact]
    public async Task Settings_of_the_process_hold_where_nothing_is_set_for_the_tenant()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings, "MEMORY_TENANT_RECALLS_PER_MINUTE=1");
        using var acme = gateway.NewHttp("acme-one-0123456789");
        Assert.Equal(HttpStatusCode.OK, (await acme.CallAsync("POST", "/v1/recall", """{"query":"x"}""")).Status);
        (await acme.CallAsync("POST", "/v1/recall", """{"query":"x"}""")).IsProblem(429, "rate_limited");
        await SetAsync(gateway, """{"recalls_per_minute_max":1000}""");
        Assert.Equal(HttpStatusCode.OK, (await acme.CallAsync("POST", "/v1/recall", """{"query":"x"}""")).Status);
    }

    private static async Task SetAsync(RunningGateway gateway, string settings) =>
        Assert.Equal(HttpStatusCode.OK,
        (await gateway.Http.CallAsync("PUT", "/v1/admin/tenants/acme", settings, "X-Api-Key: operator-0123456789")).Status);
}
