using System.Net;
using System.Text.Json;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using MemoryOrleans.Engine;
using MemoryOrleans.Erasures;
using MemoryOrleans.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>A tenant that is erased as a whole, over HTTP, beside another that must not notice.</summary>
public sealed class TenantErasureTests
{
    private const string Keys =
        "MEMORY_API_KEYS=acme:acme-all-0123456789:read+write+admin,globex:globex-all-0123456789:read+write+admin,ops:operator-0123456789:operator";

    private const string Acme = "acme-all-0123456789";
    private const string Globex = "globex-all-0123456789";

    [Fact]
    public async Task An_erased_tenant_is_nowhere_and_its_name_is_a_new_one()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys);
        using var http = gateway.NewHttp("operator-0123456789");
        var operators = new MemoryClient(http);
        var made = await FillAsync(gateway, Acme, "canary");
        await FillAsync(gateway, Globex, "parrot");

        var erasure = await operators.EraseTenantAsync("acme");
        await Eventually.HoldsAsync(async () => (erasure = await operators.GetTenantErasureAsync("acme")).State == "done");

        Assert.NotNull(erasure.CompletedAt);
        Assert.StartsWith("key:", erasure.Requester, StringComparison.Ordinal);
        foreach (var table in new[] { "sessions", "turns", "memories", "graph_entities", "api_keys", "webhooks" })
            Assert.True(erasure.Rows[table] > 0, table);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + made)).Status);
        using var acme = gateway.NewHttp(Acme);
        foreach (var path in new[] { "/v1/sessions", "/v1/memories", "/v1/entities", "/v1/admin/keys", "/v1/webhooks" })
            Assert.DoesNotContain("canary", (await acme.CallAsync("GET", path, null)).Text, StringComparison.Ordinal);
        Assert.Empty(await RecallAsync(acme, "canary"));

        Assert.Equal(1, (await acme.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("A new life."))).Json.GetProperty("seq").GetInt64());
        Assert.Equal(["A new life."], await RecallAsync(acme, "new life canary"));
        var window = await acme.CallAsync("GET", "/v1/sessions/s/working-memory", null);
        Assert.DoesNotContain("canary", window.Text, StringComparison.Ordinal);
        using var globex = gateway.NewHttp(Globex);
        Assert.NotEmpty(await RecallAsync(globex, "parrot"));

        Assert.Equal(["tenant.erased"], await ActionsAsync(http, "ops", "tenant.erased"));
        Assert.Equal(["eraseTenant"], await ActionsAsync(http, "ops", "eraseTenant"));
        Assert.Equal(["tenant.erased"], await ActionsAsync(acme, "acme", "tenant.erased"));
        (await acme.CallAsync("DELETE", "/v1/admin/tenants/acme", null)).IsProblem(403, "insufficient_scope");
        (await http.CallAsync("GET", "/v1/admin/tenants/globex/erasure", null)).IsProblem(404, "not_found");

        async Task<IEnumerable<string?>> ActionsAsync(HttpClient client, string tenant, string action) =>
            client == http
            ? (await gateway.Services.GetRequiredService<MemoryStores>().Audit.ListAuditAsync(tenant, null, 100, default)).Value.Items
                .Select(static each => each.Action).Where(each => each == action)
            : (await client.CallAsync("GET", "/v1/admin/audit", null)).Json.GetProperty("items").EnumerateArray()
                .Select(static each => each.GetProperty("action").GetString()).Where(each => each == action);
    }

    [Fact]
    public async Task Calls_of_a_tenant_that_is_being_erased_are_told_so_and_the_same_erasure_goes_on()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys);
        var erasures = gateway.Services.GetRequiredService<MemoryStores>().Erasures;
        var now = TimeProvider.System.GetUtcNow();
        var begun = await erasures.BeginTenantErasureAsync(
            "acme", new TenantErasure("e1", "key:op", "ops", now), new AuditEntry(now, "key:op", "tenant.erasure_requested", "tenant:acme"),
            now.AddHours(1), default);
        Assert.True(begun.IsSuccess);
        using var acme = gateway.NewHttp(Acme);
        (await acme.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("Too late."))).IsProblem(409, "tenant_being_erased");
        (await acme.CallAsync("GET", "/v1/sessions", null)).IsProblem(409, "tenant_being_erased");
        (await acme.CallAsync("GET", "/v1/events", null)).IsProblem(409, "tenant_being_erased");
        using var globex = gateway.NewHttp(Globex);
        Assert.Equal(HttpStatusCode.Created, (await globex.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("Not concerned."))).Status);

        using var http = gateway.NewHttp("operator-0123456789");
        var answer = await http.CallAsync("DELETE", "/v1/admin/tenants/acme", null);
        Assert.Equal((HttpStatusCode.Accepted, "e1", "done"),
            (answer.Status, answer.Json.GetProperty("id").GetString(), answer.Json.GetProperty("state").GetString()));
        Assert.Equal(HttpStatusCode.Created, (await acme.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("Again."))).Status);
    }

    /// <summary>A bit of everything, and the text of a key of its own.</summary>
    private static async Task<string> FillAsync(RunningGateway gateway, string key, string word)
    {
        using var http = gateway.NewHttp(key);
        var client = new MemoryClient(http);
        for (var i = 0; i < 3; i++)
            await client.AppendAsync("s", new AppendTurnRequest { Role = "user", Content = $"The {word} sings no. {i}.", UserId = "ann" });
        await client.AppendAsync("nobodys", new AppendTurnRequest { Role = "user", Content = $"A {word} of nobody." });
        await client.WriteMemoryAsync(new WriteMemoryRequest { Kind = "note", Content = $"Feed the {word}.", UserId = "ann" });
        await client.UpsertEntityAsync(new EntityRequest { Name = $"{word} one" });
        await client.MakeWebhookAsync(
            new WebhookRequest { Url = "https://example.com/told", Events = ["memory.superseded"], Name = $"{word} hook" });
        using var made = await http.PostAsync("/v1/admin/keys", new StringContent($$"""{"name":"{{word}} key"}""", null, "application/json"));
        Assert.NotEmpty(await RecallAsync(http, word));
        return JsonElement.Parse(await made.Content.ReadAsStringAsync()).GetProperty("key").GetString()!;
    }

    private static async Task<IReadOnlyList<string>> RecallAsync(HttpClient http, string query) =>
        [.. (await http.CallAsync("POST", "/v1/recall", JsonSerializer.Serialize(new { query }))).Json.GetProperty("items").EnumerateArray()
            .Select(static item => item.GetProperty("content").GetString()!)];
}
