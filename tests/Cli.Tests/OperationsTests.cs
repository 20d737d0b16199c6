using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Cli.Tests;

public sealed class OperationsTests
{
    [Fact]
    public async Task Health_and_summary_are_tables()
    {
        await using var server = await RunningServer.StartAsync();
        var health = await server.RunAsync("health");
        Assert.Equal((0, string.Empty), (health.ExitCode, health.Error));
        foreach (var part in new[] { "ready", "store", "index", "embedder", " ms", "ok: version" })
            Assert.Contains(part, health.Output, StringComparison.Ordinal);

        Assert.Contains("never", (await server.RunAsync("summary")).Output, StringComparison.Ordinal);
        await server.RunAsync("import", Checkout.PathOf("samples/quickstart.ndjson"));
        var summary = await server.RunAsync("summary");
        Assert.Equal(0, summary.ExitCode);
        Assert.Matches(@"Sessions\s+│\s+2 │", summary.Output);
        Assert.Matches(@"Turns\s+│\s+12 │", summary.Output);
        Assert.Matches(@"Users\s+│\s+1 │", summary.Output);
    }

    [Fact]
    public async Task Keys_come_from_the_option_or_the_environment_and_need_the_scope()
    {
        await using var server =
            await RunningServer.StartAsync("MEMORY_API_KEYS=acme:a-key-for-administrators:read+write+admin,acme:a-key-for-everybody");
        var none = await server.RunAsync("summary");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("401", none.Error, StringComparison.Ordinal);
        var narrow = await server.RunAsync("health", "--key", "a-key-for-everybody");
        Assert.Equal(1, narrow.ExitCode);
        Assert.Contains("takes requests", narrow.Output, StringComparison.Ordinal);
        Assert.Contains("scope admin", narrow.Error, StringComparison.Ordinal);
        Assert.Contains("acme", (await server.RunAsync("summary", "--key", "a-key-for-administrators")).Output, StringComparison.Ordinal);
        Assert.Equal(new Finished(0, string.Empty, string.Empty), await server.RunAsync("health", "--ready"));
        var named = await MemoryProcess.RunAsync([$"MEMORY_BASE_URL={server.Address}", "MEMORY_API_KEY=a-key-for-administrators"],
            "health");
        Assert.Equal(0, named.ExitCode);
    }

    [Fact]
    public async Task What_is_not_healthy_is_shown_and_the_exit_code_is_1()
    {
        const string NotReady = """{"type": "t", "title": "t", "status": 503, "detail": "Not now.", "code": "not_ready", "errors": [{"field": "store", "message": "is not healthy"}]}""";
        const string Degraded = """
            {"status": "degraded", "version": "1", "environment": "test", "checked_at": "2025-01-01T00:00:00Z",
             "components": [{"name": "store", "healthy": false, "latency_ms": 12.5, "detail": "disk [full]"}]}
            """;
        await using var ill = await StartAsync(app =>
        {
            app.MapGet("/health/ready", () => Results.Text(NotReady, "application/problem+json", statusCode: 503));
            app.MapGet("/v1/admin/health", () => Results.Text(Degraded, "application/json"));
        });
        var ended = await MemoryProcess.RunAsync([], "health", "--base", ill.Urls.First());
        Assert.Equal(1, ended.ExitCode);
        foreach (var part in new[] { "not healthy", "store is not healthy", "12.5 ms", "disk [full]", "degraded" })
            Assert.Contains(part, ended.Output, StringComparison.Ordinal);

        var probed = await MemoryProcess.RunAsync([], "health", "--ready", "--base", ill.Urls.First());
        Assert.Equal(new Finished(1, string.Empty, "store is not healthy\n"), probed);
    }

    [Fact]
    public async Task Something_else_at_the_address_is_recognised()
    {
        await using var other = await StartAsync(app => app.MapFallback(() => Results.Text("<h1>It works!</h1>", "text/html")));
        var ended = await MemoryProcess.RunAsync([], "summary", "--base", other.Urls.First());
        Assert.Equal(69, ended.ExitCode);
        Assert.Contains("is not a memory", ended.Error, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> map)
    {
        var app = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None"]).Build();
        map(app);
        await app.StartAsync();
        return app;
    }
}
