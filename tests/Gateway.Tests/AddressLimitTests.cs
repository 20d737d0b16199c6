using System.Net;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Who has no valid key is counted by address, and spends nothing of those who have one.</summary>
public sealed class AddressLimitTests
{
    private const string Acme = "acme-key-0123456789";
    private const string Globex = "globex-key-0123456789";
    private const string Short = "guess-me";
    private const string Keys = $"MEMORY_API_KEYS=acme:{Acme},globex:{Globex},globex:{Short}";

    [Fact]
    public async Task A_flood_of_wrong_keys_takes_nothing_of_a_good_callers_limit()
    {
        await using var gateway =
            await RunningGateway.StartAsync(Keys, "MEMORY_GLOBAL_RATE_LIMIT=20/hour", "MEMORY_UNAUTHENTICATED_RATE_LIMIT=50/hour");
        using var acme = gateway.NewHttp(Acme);
        Assert.Equal(HttpStatusCode.OK, (await acme.CallAsync("GET", "/v1/sessions", null)).Status);
        for (var i = 0; i < 100; i++)
            Assert.NotEqual(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "X-Api-Key: wrong-" + i)).Status);
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, (await acme.CallAsync("GET", "/v1/sessions", null)).Status);
    }

    [Fact]
    public async Task Guessing_is_slowed_and_a_right_guess_looks_like_any_other()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_UNAUTHENTICATED_RATE_LIMIT=3/hour");
        for (var i = 0; i < 3; i++)
            (await gateway.GetAsync("/v1/sessions", "X-Api-Key: wrong-" + i)).IsProblem(401, "unauthenticated");
        var refused = await gateway.GetAsync("/v1/sessions", "X-Api-Key: wrong");
        refused.IsProblem(429, "rate_limited");
        Assert.InRange(int.Parse(refused.Header("Retry-After"), System.Globalization.CultureInfo.InvariantCulture), 1_100, 1_200);
        (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + Short)).IsProblem(429, "rate_limited");
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + Globex)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task A_short_key_that_was_valid_from_the_address_before_goes_on()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_UNAUTHENTICATED_RATE_LIMIT=1/hour");
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + Short)).Status);
        (await gateway.GetAsync("/v1/sessions", "X-Api-Key: wrong")).IsProblem(401, "unauthenticated");
        (await gateway.GetAsync("/v1/sessions", "X-Api-Key: wrong")).IsProblem(429, "rate_limited");
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + Short)).Status);
    }

    [Fact]
    public async Task Unknown_paths_without_a_key_count_too()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_UNAUTHENTICATED_RATE_LIMIT=2/hour");
        (await gateway.GetAsync("/nothing")).IsProblem(404, "no_such_route");
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/openapi/v1.json")).Status);
        (await gateway.GetAsync("/nothing")).IsProblem(429, "rate_limited");
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_each_caller_has_its_own_limit_and_nobody_else_may_say_where_from()
    {
        await using (var gateway =
            await RunningGateway.StartAsync(Keys, "MEMORY_UNAUTHENTICATED_RATE_LIMIT=1/hour", "MEMORY_TRUSTED_PROXIES=127.0.0.0/8"))
        {
            (await gateway.GetAsync("/v1/sessions", "X-Forwarded-For: 203.0.113.7")).IsProblem(401, "unauthenticated");
            (await gateway.GetAsync("/v1/sessions", "X-Forwarded-For: 203.0.113.7")).IsProblem(429, "rate_limited");
            (await gateway.GetAsync("/v1/sessions", "X-Forwarded-For: 203.0.113.8")).IsProblem(401, "unauthenticated");
        }

        await using var open = await RunningGateway.StartAsync(Keys, "MEMORY_UNAUTHENTICATED_RATE_LIMIT=1/hour");
        (await open.GetAsync("/v1/sessions", "X-Forwarded-For: 203.0.113.7")).IsProblem(401, "unauthenticated");
        (await open.GetAsync("/v1/sessions", "X-Forwarded-For: 203.0.113.8")).IsProblem(429, "rate_limited");
    }
}
