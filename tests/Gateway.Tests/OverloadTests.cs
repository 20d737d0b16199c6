using System.Net;
using MemoryOrleans.Hosting;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Overload and trouble get 429 or 503 with Retry-After, not hangs and not secrets.</summary>
public sealed class OverloadTests
{
    [Fact]
    public async Task Beyond_the_rate_limit_the_answer_is_429_with_retry_after()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_GLOBAL_RATE_LIMIT=3/hour");
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions")).Status);
        var refused = await gateway.GetAsync("/v1/sessions");
        refused.IsProblem(429, "rate_limited");
        Assert.Equal("360", refused.Header("Retry-After"));
        (await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("x"))).IsProblem(429, "rate_limited");
        foreach (var path in new[] { "/health/live", "/health/ready", "/metrics" })
            Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Beyond_the_number_worked_on_at_a_time_the_answer_is_503()
    {
        var (entered, leave) = (new TaskCompletionSource(), new TaskCompletionSource());
        var host = new StubHost
        {
            Recall = async (_, _) =>
            {
                entered.SetResult();
                await leave.Task;
                return new MemoryError(ErrorCode.NotFound, "Gone.");
            },
        };
        await using var gateway = await RunningGateway.StartAsync(host, null, "MEMORY_CONCURRENT_REQUESTS_MAX=1");
        var first = gateway.PostAsync("/v1/recall", """{"query":"x"}""");
        await entered.Task;
        var second = await gateway.GetAsync("/v1/sessions");
        second.IsProblem(503, "overloaded");
        Assert.Equal("1", second.Header("Retry-After"));
        leave.SetResult();
        (await first).IsProblem(404, "not_found");
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions")).Status);
    }

    [Fact]
    public async Task A_request_over_time_is_cancelled_and_answered_503()
    {
        var host = new StubHost
        {
            Append = async (_, cancel) =>
            {
                await Task.Delay(Timeout.Infinite, cancel);
                throw new InvalidOperationException("Never reached.");
            },
        };
        await using var gateway = await RunningGateway.StartAsync(host, null, "MEMORY_REQUEST_TIMEOUT_SECONDS=1");
        var answer = await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("x"));
        answer.IsProblem(503, "request_timeout");
        Assert.Equal("1", answer.Header("Retry-After"));
    }

    [Fact]
    public async Task A_stop_waits_for_the_requests_under_way()
    {
        var (entered, leave) = (new TaskCompletionSource(), new TaskCompletionSource());
        var host = new StubHost
        {
            Recall = async (_, _) =>
            {
                entered.SetResult();
                await leave.Task;
                return new MemoryError(ErrorCode.NotFound, "Gone.");
            },
        };
        var gateway = await RunningGateway.StartAsync(host, null);
        using var http = gateway.NewHttp(null);
        var request = http.CallAsync("POST", "/v1/recall", """{"query":"x"}""");
        await entered.Task;
        var stop = gateway.DisposeAsync().AsTask();
        Assert.False(stop.IsCompleted);
        leave.SetResult();
        (await request).IsProblem(404, "not_found");
        await stop;
    }

    [Theory]
    [InlineData(ErrorCode.Overloaded, "overloaded")]
    [InlineData(ErrorCode.StoreUnavailable, "store_unavailable")]
    [InlineData(ErrorCode.NotReady, "not_ready")]
    public async Task What_is_worth_retrying_says_when(ErrorCode code, string problem)
    {
        await using var gateway =
            await RunningGateway.StartAsync(StubHost.Failing(new MemoryError(code, "Later.", RetryAfter: TimeSpan.FromSeconds(6.5))), null);
        foreach (var answer in new[]
        {
            await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("x")),
            await gateway.PostAsync("/v1/recall", """{"query":"x"}"""),
        })
        {
            answer.IsProblem(503, problem);
            Assert.Equal("7", answer.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_503()
    {
        var host = new StubHost { Recall = (_, _) => throw new StoreUnavailableException("disk I/O error") };
        await using var gateway = await RunningGateway.StartAsync(host, null);
        var answer = await gateway.PostAsync("/v1/recall", """{"query":"x"}""");
        answer.IsProblem(503, "store_unavailable");
        Assert.Equal("1", answer.Header("Retry-After"));
    }

    [Fact]
    public async Task A_store_that_is_damaged_is_503_with_a_code_of_its_own()
    {
        var host = new StubHost { Recall = (_, _) => throw new StoreCorruptException("database disk image is malformed") };
        await using var gateway = await RunningGateway.StartAsync(host, null);
        var answer = await gateway.PostAsync("/v1/recall", """{"query":"x"}""");
        answer.IsProblem(503, "store_corrupt");
        Assert.Equal("30", answer.Header("Retry-After"));
    }

    [Fact]
    public async Task A_bug_is_500_that_tells_nothing_but_is_logged_and_counted()
    {
        var logs = new RecordedLogs();
        var host = new StubHost { Append = (_, _) => throw new InvalidOperationException("internal detail") };
        await using var gateway = await RunningGateway.StartAsync(host, logs, "MEMORY_LOG_LEVEL=information");
        var answer = await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("the content"), "X-Request-Id: req-500");
        answer.IsProblem(500, "internal_error");
        Assert.DoesNotContain("internal detail", answer.Text, StringComparison.Ordinal);
        var line = Assert.Single(logs.Lines, l => l.Contains("internal detail", StringComparison.Ordinal));
        Assert.Contains("req-500", line, StringComparison.Ordinal);
        Assert.DoesNotContain("the content", string.Concat(logs.Lines), StringComparison.Ordinal);
        Assert.Matches("(?m)^memory_request_failures_total(\\{\\})? [1-9]", (await gateway.GetAsync("/metrics")).Text);
    }

    [Fact]
    public async Task Readiness_tells_which_part_is_ill_and_admin_health_why()
    {
        var host = new StubHost
        {
            Health = () => [new ComponentHealth("store", false, TimeSpan.FromMilliseconds(1.5), "disk full at /secret/path"),
                new ComponentHealth("index", true, TimeSpan.Zero, "fine")],
        };
        await using var gateway = await RunningGateway.StartAsync(host, null);
        foreach (var path in new[] { "/health/ready", "/health" })
        {
            var problem = (await gateway.GetAsync(path)).IsProblem(503, "not_ready");
            Assert.Equal("store", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
            Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/health/live")).Status);
        var health = (await gateway.GetAsync("/v1/admin/health")).Json;
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Equal("disk full at /secret/path", health.GetProperty("components")[0].GetProperty("detail").GetString());
        Assert.Equal(1.5, health.GetProperty("components")[0].GetProperty("latency_ms").GetDouble());
    }
}
