using System.Net;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Places, memory and time are taken by key and tenant: one caller cannot take the last of them from the others.</summary>
public sealed class FairnessTests
{
    private const string Acme = "acme-key-0123456789";
    private const string Globex = "globex-key-0123456789";
    private const string Keys = $"MEMORY_API_KEYS=acme:{Acme}:read+write+admin,globex:{Globex}:read+write+admin";

    [Fact]
    public async Task Slow_bodies_of_one_key_leave_places_for_other_tenants()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_CONCURRENT_REQUESTS_MAX=8");
        var held = await HoldAsync(gateway, 8, "/v1/recall", "Content-Type: application/json", "Content-Length: 1000");
        try
        {
            // Six are let in and wait for their bodies; two are beyond the key's share.
            var refused = await Task.WhenAny(held.Select(each => each.ReadStatusAsync()));
            Assert.Equal(503, await refused);
            using var globex = gateway.NewHttp(Globex);
            Assert.Equal(HttpStatusCode.OK, (await globex.CallAsync("GET", "/v1/sessions", null)).Status);
            Assert.Equal(HttpStatusCode.OK, (await globex.CallAsync("GET", "/v1/sessions", null)).Status);
        }
        finally
        {
            held.ForEach(each => each.Dispose());
        }
    }

    [Fact]
    public async Task A_place_is_free_again_when_its_request_has_ended()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_CONCURRENT_REQUESTS_MAX=4");
        using var acme = gateway.NewHttp(Acme);
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await acme.CallAsync("GET", "/v1/sessions", null)).Status);
    }

    [Fact]
    public async Task A_body_that_stands_still_is_given_up()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys);
        using var slow = await RawConnection.OpenAsync(gateway);
        await slow.SendHeadAsync("POST", "/v1/recall", Acme, "Content-Type: application/json", "Content-Length: 1000");
        await slow.SendAsync("{");
        Assert.Equal(408, await slow.ReadStatusAsync());
        await slow.ReadToEndAsync();
    }

    [Fact]
    public async Task Imports_that_stand_still_leave_a_place_for_other_tenants_and_are_given_up()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_TRANSFERS_MAX=2", "MEMORY_TRANSFER_PATIENCE_SECONDS=5");
        var imports = await HoldAsync(gateway, 2, "/v1/admin/import", "Content-Type: application/x-ndjson", "Content-Length: 100000");
        using var globex = gateway.NewHttp(Globex);
        Assert.Equal(HttpStatusCode.OK, (await globex.CallAsync("GET", "/v1/admin/export", null)).Status);
        Assert.Equal([408, 503], (await Task.WhenAll(imports.Select(each => each.ReadStatusAsync()))).Order());
        using var acme = gateway.NewHttp(Acme);
        Assert.Equal(HttpStatusCode.OK, (await acme.CallAsync("GET", "/v1/admin/export", null)).Status);
        imports.ForEach(each => each.Dispose());
    }

    [Fact]
    public async Task Long_bodies_of_one_key_take_no_more_memory_than_its_share()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_BODIES_MEGABYTES=16");
        using var first = await RawConnection.OpenAsync(gateway);
        await first.SendHeadAsync("POST", "/v1/sessions/s/turns", Acme, "Content-Type: application/json", "Content-Length: 8000000");
        using var second = await RawConnection.OpenAsync(gateway);
        await second.SendHeadAsync("POST", "/v1/sessions/s/turns", Acme, "Content-Type: application/json", "Content-Length: 8000000");

        // One of them is let in and waits for its body.
        Assert.Equal(503, await await Task.WhenAny(first.ReadStatusAsync(), second.ReadStatusAsync()));
        using var acme = gateway.NewHttp(Acme);
        using var globex = gateway.NewHttp(Globex);
        Assert.Equal(HttpStatusCode.Created, (await acme.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("short"))).Status);
        (await globex.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said(new string('x', 200_000)))).Blames("content");
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_counted_as_it_comes()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_BODIES_MEGABYTES=8");
        using var chunked = await RawConnection.OpenAsync(gateway);
        await chunked.SendHeadAsync("POST", "/v1/sessions/s/turns", Acme, "Content-Type: application/json", "Transfer-Encoding: chunked");
        var chunk = $"{1024 * 1024:x}\r\n{new string(' ', 1024 * 1024)}\r\n";
        var status = chunked.ReadStatusAsync();
        try
        {
            for (var sent = 0; sent < 7; sent++)
                await chunked.SendAsync(chunk);
        }
        catch (IOException)
        {
            // It has been answered.
        }

        Assert.Equal(503, await status);
    }

    [Fact]
    public async Task One_tenant_cannot_spend_the_rate_limit_of_all()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_GLOBAL_RATE_LIMIT=8/hour");
        using var acme = gateway.NewHttp(Acme);
        using var globex = gateway.NewHttp(Globex);
        for (var i = 0; i < 6; i++)
            Assert.Equal(HttpStatusCode.OK, (await acme.CallAsync("GET", "/v1/sessions", null)).Status);
        for (var i = 0; i < 6; i++)
            (await acme.CallAsync("GET", "/v1/sessions", null)).IsProblem(429, "rate_limited");
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await globex.CallAsync("GET", "/v1/sessions", null)).Status);
        (await globex.CallAsync("GET", "/v1/sessions", null)).IsProblem(429, "rate_limited");
    }

    private static async Task<List<RawConnection>> HoldAsync(RunningGateway gateway, int count, string path, params string[] headers)
    {
        var held = new List<RawConnection>();
        for (var i = 0; i < count; i++)
        {
            held.Add(await RawConnection.OpenAsync(gateway));
            await held[^1].SendHeadAsync("POST", path, Acme, headers);
        }

        return held;
    }
}
