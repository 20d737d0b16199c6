using System.Net;
using System.Text.Json;
using MemoryOrleans.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>What was refused, and what administrators did, stays known; and nobody changes it unseen.</summary>
public sealed class AuditTests
{
    private const string Keys =
        "MEMORY_API_KEYS=acme:admin-key-0123456789:read+write+operator,acme:reader-key-0123456789:read,globex:other-key-0123456789:read+write+admin";

    [Fact]
    public async Task A_wrong_scope_an_export_and_an_admin_s_act_are_in_the_audit_trail_with_request_and_outcome()
    {
        var logs = new RecordedLogs();
        await using var gateway = await RunningGateway.StartAsync(null, logs, Keys, "MEMORY_LOG_LEVEL=warning");
        using var admin = gateway.NewHttp("admin-key-0123456789");
        using var reader = gateway.NewHttp("reader-key-0123456789");
        (await reader.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("the private content"), "X-Request-Id: req-refused"))
            .IsProblem(403, "insufficient_scope");
        Assert.Equal(HttpStatusCode.OK, (await admin.CallAsync("GET", "/v1/admin/export", null, "X-Request-Id: req-export")).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.CallAsync("PUT", "/v1/admin/tenants/acme", "{}", "X-Request-Id: req-limits")).Status);
        await admin.CallAsync("GET", "/v1/admin/summary", null);
        Assert.Equal(HttpStatusCode.Created, (await admin.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("x"))).Status);

        var entries = (await admin.CallAsync("GET", "/v1/admin/audit", null)).Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["req-limits", "req-export", "req-refused"], entries.Select(each => each.GetProperty("request_id").GetString()));
        Assert.Equal(["200", "200", "403"], entries.Select(each => each.GetProperty("outcome").GetString()));
        Assert.Equal(["setTenant", "export", "appendTurn"], entries.Select(each => each.GetProperty("action").GetString()));
        Assert.All(entries, each => Assert.StartsWith("key:", each.GetProperty("caller").GetString(), StringComparison.Ordinal));
        Assert.DoesNotContain("private", JsonSerializer.Serialize(entries), StringComparison.Ordinal);
        Assert.Contains(logs.Lines, line => line.Contains("was refused appendTurn", StringComparison.Ordinal)
            && line.Contains("req-refused", StringComparison.Ordinal));

        using var other = gateway.NewHttp("other-key-0123456789");
        Assert.Empty((await other.CallAsync("GET", "/v1/admin/audit", null)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Calls_of_a_wrong_scope_are_within_the_callers_limits_and_beyond_them_leave_no_entry()
    {
        const int tries = 50;
        const int perHour = 20;
        await using var gateway = await RunningGateway.StartAsync(Keys, $"MEMORY_GLOBAL_RATE_LIMIT={perHour}/hour");
        using var reader = gateway.NewHttp("reader-key-0123456789");
        var refused = new List<Answer>();
        for (var i = 0; i < tries; i++)
            refused.Add(await reader.CallAsync(i % 2 == 0 ? "GET" : "POST", i % 2 == 0 ? "/v1/admin/health" : "/v1/admin/keys", "{}"));
        var forbidden = refused.Count(static answer => answer.Status == HttpStatusCode.Forbidden);
        Assert.InRange(forbidden, 1, perHour);
        Assert.All(refused[forbidden..], static answer => answer.IsProblem(429, "rate_limited"));
        var store = gateway.Services.GetRequiredService<IAuditStore>();
        Assert.Equal(forbidden, (await store.ListAuditAsync("acme", null, 100, default)).Value.Items.Count);
    }

    [Fact]
    public async Task Calls_of_a_wrong_scope_take_of_the_tenants_limit()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_TENANT_REQUESTS_PER_MINUTE=3");
        using var reader = gateway.NewHttp("reader-key-0123456789");
        for (var i = 0; i < 3; i++)
            (await reader.CallAsync("GET", "/v1/admin/health", null)).IsProblem(403, "insufficient_scope");
        (await reader.CallAsync("GET", "/v1/admin/health", null)).IsProblem(429, "rate_limited");
        (await reader.CallAsync("GET", "/v1/sessions", null)).IsProblem(429, "rate_limited");
    }

    [Fact]
    public async Task A_wrong_key_leaves_a_line_in_the_log_that_does_not_hold_it()
    {
        var logs = new RecordedLogs();
        await using var gateway = await RunningGateway.StartAsync(null, logs, Keys, "MEMORY_LOG_LEVEL=warning");
        for (var i = 0; i < 3; i++)
            (await gateway.GetAsync("/v1/sessions", $"X-Api-Key: a-wrong-secret-{i}", $"X-Request-Id: guess-{i}"))
                .IsProblem(401, "unauthenticated");
        for (var i = 0; i < 3; i++)
            Assert.Contains(logs.Lines, line => line.Contains("127.0.0.1 was refused", StringComparison.Ordinal)
                && line.Contains($"guess-{i}", StringComparison.Ordinal));
        Assert.DoesNotContain("a-wrong-secret", string.Concat(logs.Lines), StringComparison.Ordinal);
        Assert.Matches("(?m)^memory_requests_refused_total\\{reason=\"unauthenticated\"\\} 3", (await gateway.GetAsync("/metrics")).Text);
    }

    [Fact]
    public async Task Writes_are_in_the_trail_where_that_is_asked()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_AUDIT=writes");
        using var admin = gateway.NewHttp("admin-key-0123456789");
        await admin.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("x"));
        await admin.CallAsync("POST", "/v1/sessions/s/turns", "{}");
        await admin.CallAsync("POST", "/v1/recall", """{"query":"x"}""");
        var entries = (await admin.CallAsync("GET", "/v1/admin/audit", null)).Json.GetProperty("items").EnumerateArray();
        Assert.Equal(["400", "201"], entries.Select(each => each.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task The_trail_is_chained_and_verified()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys);
        using var admin = gateway.NewHttp("admin-key-0123456789");
        Assert.True((await admin.CallAsync("GET", "/v1/admin/audit/verification", null)).Json.GetProperty("whole").GetBoolean());
        for (var i = 0; i < 5; i++)
            await admin.CallAsync("PUT", "/v1/admin/tenants/acme", "{}");
        var found = (await admin.CallAsync("GET", "/v1/admin/audit/verification", null)).Json;
        Assert.Equal((true, 5, 0),
            (found.GetProperty("whole").GetBoolean(), found.GetProperty("entries").GetInt32(), found.GetProperty("unchained").GetInt32()));
        Assert.Equal(64, found.GetProperty("head").GetString()!.Length);
    }

    [Fact]
    public async Task The_trail_is_exported_with_what_it_takes_to_verify_it_elsewhere()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys);
        using var admin = gateway.NewHttp("admin-key-0123456789");
        for (var i = 0; i < 3; i++)
            await admin.CallAsync("PUT", "/v1/admin/tenants/acme", "{}", $"X-Request-Id: req-{i}");
        var host = gateway.Services.GetRequiredService<IAuditStore>();
        Assert.Equal(1, await host.PruneAuditAsync("acme", TimeProvider.System.GetUtcNow().AddDays(1), 1, TimeProvider.System.GetUtcNow(),
            default));

        var exported = await admin.CallAsync("GET", "/v1/admin/audit/export", null);
        Assert.Equal("application/x-ndjson", exported.Response.Content.Headers.ContentType?.MediaType);
        var lines = exported.Text.TrimEnd('\n').Split('\n').Select(static line => JsonElement.Parse(line)).ToArray();
        Assert.Equal(("acme", 1), (lines[0].GetProperty("tenant").GetString(), lines[0].GetProperty("removed").GetInt32()));
        Assert.Equal(["setTenant", "setTenant", "audit.pruned"], lines[1..].Select(static line => line.GetProperty("action").GetString()));
        var before = lines[0].GetProperty("anchor").GetString();
        foreach (var line in lines[1..])
        {
            var entry = new AuditEntry(line.GetProperty("at").GetDateTimeOffset(), Of(line, "caller"), Of(line, "action"),
                Of(line, "subject"))
            {
                RequestId = Of(line, "request_id"), Outcome = Of(line, "outcome"),
            };
            Assert.Equal(Of(line, "hash"), AuditChain.HashOf(before, "acme", entry));
            before = Of(line, "hash");
        }

        var trail = (await admin.CallAsync("GET", "/v1/admin/audit", null)).Json.GetProperty("items")[0];
        Assert.Equal("exportAudit", trail.GetProperty("action").GetString());
    }

    private static string Of(JsonElement line, string name) => line.GetProperty(name).GetString()!;
}
