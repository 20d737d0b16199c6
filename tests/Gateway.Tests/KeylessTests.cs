using System.Net;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using RequestContext = MemoryOrleans.Gateway.Requests.RequestContext;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Without API keys only this machine is served, and not through somebody's web page.</summary>
public sealed class KeylessTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(
        "MEMORY_ALLOWED_HOSTS=memory.local", "MEMORY_ALLOWED_ORIGINS=https://app.example.com");

    public async ValueTask DisposeAsync() => await gateway.DisposeAsync();

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8080")]
    [InlineData("127.0.0.1:1")]
    [InlineData("[::1]:8080")]
    [InlineData("memory.local")]
    public async Task A_host_of_this_machine_is_served(string host) =>
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "Host: " + host)).Status);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.168.0.7")]
    public async Task Another_host_name_is_refused(string host)
    {
        (await gateway.GetAsync("/v1/sessions", "Host: " + host)).IsProblem(403, "host_not_allowed");
        (await gateway.GetAsync("/metrics", "Host: " + host)).IsProblem(403, "host_not_allowed");
        (await gateway.GetAsync("/v1/sessions", "Host: " + host, "X-Forwarded-Host: localhost")).IsProblem(403, "host_not_allowed");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost:9999")]
    public async Task A_web_page_of_another_origin_is_refused(string origin)
    {
        var id = Calls.NewId();
        (await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("x"), "Origin: " + origin)).IsProblem(403, "origin_not_allowed");
        (await gateway.GetAsync($"/v1/sessions/{id}")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Pages_of_this_server_and_of_allowed_origins_are_served()
    {
        var own = gateway.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "Origin: " + own)).Status);
        var other = await gateway.GetAsync("/v1/sessions", "Origin: https://app.example.com");
        Assert.Equal(HttpStatusCode.OK, other.Status);
        Assert.Equal("https://app.example.com", other.Header("Access-Control-Allow-Origin"));
        Assert.Contains("ETag", other.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preflight_of_an_allowed_origin_is_answered()
    {
        var preflight = await gateway.Http.CallAsync(
            "OPTIONS", "/v1/recall", null, "Origin: https://app.example.com", "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: content-type");
        Assert.Equal(HttpStatusCode.NoContent, preflight.Status);
        Assert.Contains("POST", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1", 403)]
    [InlineData("::ffff:192.0.2.1", 403)]
    [InlineData(null, 403)]
    [InlineData("127.0.0.7", 204)]
    [InlineData("::1", 204)]
    [InlineData("::ffff:127.0.0.1", 204)]
    public async Task Only_connections_of_this_machine_are_served(string? remote, int status)
    {
        var options = GatewayOptions.Read(new MemorySettings(new ConfigurationBuilder().Build()));
        var guard = new LoopbackGuard(
            http =>
            {
                http.Response.StatusCode = 204;
                return Task.CompletedTask;
            },
            options);
        var http = new DefaultHttpContext();
        http.Features.Set(new RequestContext("r"));
        http.Request.Host = new HostString("localhost");
        http.Request.Headers["X-Forwarded-For"] = "127.0.0.1";
        http.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        await guard.InvokeAsync(http);
        Assert.Equal(status, http.Response.StatusCode);
    }

    [Fact]
    public async Task A_keyless_caller_has_every_scope()
    {
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/admin/health")).Status);
        Assert.Equal("default", (await gateway.GetAsync("/v1/admin/summary")).Json.GetProperty("tenant").GetString());
    }
}
