using System.Net;
using System.Text.Json;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Keys in the store: made, used, rotated, revoked, ended; and what those that are restricted may not do.</summary>
public sealed class KeyTests
{
    private const string Settings =
        "MEMORY_API_KEYS=acme:acme-admin-0123456789:read+write+admin,globex:globex-admin-0123456789:read+write+admin,ops:operator-0123456789:operator";

    [Fact]
    public async Task A_key_is_shown_once_works_by_its_scopes_and_is_not_in_the_store()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var admin = gateway.NewHttp("acme-admin-0123456789");
        var made = await new MemoryClient(admin).MakeKeyAsync(new MakeKeyRequest { Name = "reader", Scopes = ["read"] });
        Assert.Equal($"mem_acme_{made.Details.Id}", made.Details.Prefix);
        Assert.StartsWith(made.Details.Prefix + "_", made.Key, StringComparison.Ordinal);

        using var reader = gateway.NewHttp(made.Key);
        Assert.Equal(HttpStatusCode.OK, (await reader.CallAsync("GET", "/v1/sessions", null)).Status);
        (await reader.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("x"))).IsProblem(403, "insufficient_scope");
        foreach (var wrong in new[] { made.Key[..^1], made.Key[..^1] + (made.Key[^1] == '0' ? '1' : '0'),
            made.Key.Replace("mem_acme_", "mem_globex_", StringComparison.Ordinal) })
            (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + wrong)).IsProblem(401, "unauthenticated");

        var listed = await admin.CallAsync("GET", "/v1/admin/keys", null);
        Assert.Contains(made.Details.Id, listed.Text, StringComparison.Ordinal);
        var secret = made.Key[^64..];
        Assert.DoesNotContain(secret, listed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await gateway.Store.ReadAllAsync(), StringComparison.Ordinal);
        var trail = (await admin.CallAsync("GET", "/v1/admin/audit", null)).Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Contains(trail, entry => entry.GetProperty("action").GetString() == "makeKey"
            && entry.GetProperty("subject").GetString() == $"key:{made.Details.Id}");
        Assert.Contains(trail, entry => entry.GetProperty("action").GetString() == "appendTurn"
            && entry.GetProperty("caller").GetString() == $"key:{made.Details.Id}");
        Assert.DoesNotContain(secret, JsonSerializer.Serialize(trail), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_key_has_two_secrets_for_the_overlap_and_a_revoked_one_none()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var admin = gateway.NewHttp("acme-admin-0123456789");
        var keys = new MemoryClient(admin);
        var first = await keys.MakeKeyAsync(new MakeKeyRequest { Name = "app" });
        await OpensAsync(gateway, first.Key);
        var second = await keys.RotateKeyAsync(first.Details.Id, new RotateKeyRequest());
        Assert.Equal(first.Details.Id, second.Details.Id);
        await OpensAsync(gateway, first.Key);
        await OpensAsync(gateway, second.Key);

        var third = await keys.RotateKeyAsync(first.Details.Id, new RotateKeyRequest { OverlapSeconds = 0 });
        await OpensAsync(gateway, third.Key);
        foreach (var former in new[] { first.Key, second.Key })
            (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + former)).IsProblem(401, "unauthenticated");

        Assert.NotNull((await keys.RevokeKeyAsync(first.Details.Id)).RevokedAt);
        (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + third.Key)).IsProblem(401, "unauthenticated");
        Assert.Equal(409, (await Assert.ThrowsAsync<MemoryApiException>(() =>
            keys.RotateKeyAsync(first.Details.Id, new RotateKeyRequest()))).Status);
    }

    [Fact]
    public async Task A_key_ends_when_it_says_and_a_wrong_one_is_refused_by_its_field()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var admin = gateway.NewHttp("acme-admin-0123456789");
        var end = TimeProvider.System.GetUtcNow().AddSeconds(5);
        var made = await new MemoryClient(admin).MakeKeyAsync(new MakeKeyRequest { Name = "short", ExpiresAt = end });
        var answer = await Eventually.SeesAsync(
            () => gateway.GetAsync("/v1/sessions", "X-Api-Key: " + made.Key), static seen => seen.Status != HttpStatusCode.OK);
        answer.IsProblem(401, "unauthenticated");
        Assert.True(TimeProvider.System.GetUtcNow() >= end);

        foreach (var (body, field) in new[]
        {
            ("""{"name":""}""", "name"), ("""{"name":"x","scopes":["root"]}""", "scopes"),
                ("""{"name":"x","scopes":["operator"]}""", "scopes"),
            ("""{"name":"x","scopes":[]}""", "scopes"), ("""{"name":"x","users":["a b"]}""", "users"),
            ("""{"name":"x","agents":[""]}""", "agents"),
            ("""{"name":"x","users":["ada"],"scopes":["admin"]}""", "scopes"),
            ("""{"name":"x","expires_at":"2020-01-01T00:00:00Z"}""", "expires_at"),
        })
            (await admin.CallAsync("POST", "/v1/admin/keys", body)).Blames(field);
        (await admin.CallAsync("POST", $"/v1/admin/keys/{made.Details.Id}/rotate", """{"overlap_seconds":-1}""")).Blames("overlap_seconds");
    }

    [Fact]
    public async Task Operators_make_keys_of_any_tenant_and_others_see_their_own_alone()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var operators = gateway.NewHttp("operator-0123456789");
        using var globex = gateway.NewHttp("globex-admin-0123456789");
        var made = await new MemoryClient(operators).MakeKeyAsync(new MakeKeyRequest { Name = "first" }, tenant: "acme");
        await OpensAsync(gateway, made.Key);
        foreach (var (method, path) in new[]
        {
            ("GET", $"/v1/admin/keys/{made.Details.Id}"), ("DELETE", $"/v1/admin/keys/{made.Details.Id}"),
                ("GET", $"/v1/admin/keys/{made.Details.Id}?tenant=acme"),
            ("DELETE", $"/v1/admin/keys/{made.Details.Id}?tenant=acme"), ("GET", "/v1/admin/keys?tenant=acme"),
        })
            (await globex.CallAsync(method, path, null)).IsProblem(404, "not_found");
        (await globex.CallAsync("POST", "/v1/admin/keys?tenant=acme", """{"name":"x"}""")).IsProblem(404, "not_found");
        await OpensAsync(gateway, made.Key);
        Assert.Empty((await new MemoryClient(globex).ListKeysAsync()).Items);
        Assert.Single((await new MemoryClient(operators).ListKeysAsync("acme")).Items);
    }

    [Fact]
    public async Task What_another_process_revoked_is_refused_once_what_was_read_is_too_old()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings, "MEMORY_KEY_CACHE_SECONDS=1");
        using var admin = gateway.NewHttp("acme-admin-0123456789");
        var made = await new MemoryClient(admin).MakeKeyAsync(new MakeKeyRequest { Name = "app" });
        await OpensAsync(gateway, made.Key);

        // As another process does it: past this one's cache.
        var host = gateway.Services.GetRequiredService<MemoryOrleans.Hosting.IMemoryHost>();
        Assert.True((await host.Keys.RevokeAsync("acme", made.Details.Id, default)).IsSuccess);
        var began = System.Diagnostics.Stopwatch.StartNew();
        while ((await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + made.Key)).Status == HttpStatusCode.OK)
            Assert.InRange(began.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_address_that_sent_too_many_wrong_keys_makes_the_store_read_no_more_and_keys_in_use_go_on()
    {
        await using var gateway =
            await RunningGateway.StartAsync(Settings, "MEMORY_UNAUTHENTICATED_RATE_LIMIT=3/hour", "MEMORY_KEY_CACHE_SECONDS=0");
        using var admin = gateway.NewHttp("acme-admin-0123456789");
        var made = await new MemoryClient(admin).MakeKeyAsync(new MakeKeyRequest { Name = "app" });
        await OpensAsync(gateway, made.Key);
        for (var i = 0; i < 3; i++)
            (await gateway.GetAsync("/v1/sessions", $"X-Api-Key: mem_acme_{i:x16}_{new string('0', 64)}"))
                .IsProblem(401, "unauthenticated");
        (await gateway.GetAsync("/v1/sessions", $"X-Api-Key: mem_acme_{9:x16}_{new string('0', 64)}")).IsProblem(429, "rate_limited");
        await OpensAsync(gateway, made.Key);
    }

    [Fact]
    public async Task A_key_of_a_user_speaks_of_that_user_alone()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var admin = gateway.NewHttp("acme-admin-0123456789");
        var made = await new MemoryClient(admin).MakeKeyAsync(new MakeKeyRequest { Name = "ada's", Users = ["ada"] });
        using var ada = gateway.NewHttp(made.Key);
        await admin.CallAsync("POST", "/v1/sessions/bobs/turns", """{"role":"user","content":"The vault code is 7.","user_id":"bob"}""");
        await admin.CallAsync("POST", "/v1/sessions/nobodys/turns", Calls.Said("The vault is green."));
        var memory = (await admin.CallAsync("POST", "/v1/memories", """{"kind":"note","content":"Bob's vault.","user_id":"bob"}"""))
            .Json.GetProperty("id").GetString();

        Assert.Equal(HttpStatusCode.Created,
            (await ada.CallAsync("POST", "/v1/sessions/adas/turns", """{"role":"user","content":"My vault is blue.","user_id":"ada"}"""))
            .Status);
        Assert.Equal(HttpStatusCode.OK, (await ada.CallAsync("GET", "/v1/sessions/adas/context?query=vault", null)).Status);
        var recalled = await ada.CallAsync("POST", "/v1/recall", """{"query":"vault","user_id":"ada"}""");
        Assert.Contains("blue", recalled.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("code", recalled.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ada.CallAsync("GET", "/v1/sessions?user_id=ada", null)).Status);

        foreach (var (method, path, body) in new[]
        {
            ("POST", "/v1/sessions/new/turns", Calls.Said("x")),
                ("POST", "/v1/sessions/new/turns", """{"role":"user","content":"x","user_id":"bob"}"""),
            ("POST", "/v1/recall", """{"query":"vault"}"""), ("POST", "/v1/recall", """{"query":"vault","user_id":"bob"}"""),
            ("POST", "/v1/recall", """{"query":"vault","user_id":"ada","session_id":"bobs"}"""),
            ("POST", "/v1/recall", """{"query":"vault","user_id":"ada","session_id":"gone"}"""),
            ("POST", "/v1/memories", """{"kind":"note","content":"x","user_id":"ada","session_id":"bobs"}"""),
            ("POST", "/v1/memories", """{"kind":"note","content":"x","user_id":"bob"}"""), ("GET", "/v1/sessions", (string?)null),
            ("GET", "/v1/sessions?user_id=bob", null),
            ("GET", "/v1/memories", null), ("GET", "/v1/entities?user_id=ada", null), ("POST", "/memory/recall", """{"query":"vault"}"""),
            ("GET", "/v1/memory/search?query=vault", null),
        })
            (await ada.CallAsync(method, path, body)).IsProblem(403, "restricted_key");
        foreach (var (method, path) in new[]
        {
            ("GET", "/v1/sessions/bobs"), ("GET", "/v1/sessions/bobs/turns"), ("GET", "/v1/sessions/bobs/context"),
                ("DELETE", "/v1/sessions/bobs"), ("GET", "/v1/sessions/nobodys"),
            ("GET", "/v1/sessions/bobs/working-memory"), ("POST", "/v1/sessions/bobs/close"), ("GET", $"/v1/memories/{memory}"),
            ("DELETE", $"/v1/memories/{memory}"),
            ("GET", $"/v1/memories/{memory}/history"), ("DELETE", "/v1/memories/bobs:1"), ("DELETE", "/v1/sessions/adas/turns/bobs:1"),
        })
            (await ada.CallAsync(method, path, null)).IsProblem(404, "not_found");
        (await ada.CallAsync("POST", "/v1/sessions/bobs/turns", """{"role":"user","content":"x","user_id":"ada"}"""))
            .IsProblem(404, "not_found");
        Assert.Contains("vault code", (await admin.CallAsync("GET", "/v1/sessions/bobs/turns", null)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_a_user_does_not_learn_of_others_turns_by_naming_them_as_sources()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var admin = gateway.NewHttp("acme-admin-0123456789");
        var made = await new MemoryClient(admin).MakeKeyAsync(new MakeKeyRequest { Name = "ada's", Users = ["ada"] });
        using var ada = gateway.NewHttp(made.Key);
        await admin.CallAsync("POST", "/v1/sessions/bobs/turns", """{"id":"b1","role":"user","content":"Mine.","user_id":"bob"}""");
        await ada.CallAsync("POST", "/v1/sessions/adas/turns", """{"id":"a1","role":"user","content":"Mine.","user_id":"ada"}""");

        Task<Answer> WriteAsync(string session, string turn) => ada.CallAsync(
            "POST", "/v1/memories", JsonSerializer.Serialize(new
            {
                kind = "note", content = "x", user_id = "ada", sources = new[] { new { session_id = session, turn_id = turn } },
            }), "X-Request-Id: same");
        var absent = await WriteAsync("adas", "none-such");
        absent.Blames("sources");
        foreach (var (session, turn) in new[] { ("bobs", "b1"), ("bobs", "none-such"), ("none-such", "b1") })
        {
            var answer = await WriteAsync(session, turn);
            Assert.Equal((absent.Status, absent.Text), (answer.Status, answer.Text));
        }

        Assert.Equal(HttpStatusCode.Created, (await WriteAsync("adas", "a1")).Status);
        (await ada.CallAsync("POST", "/v1/observations",
            """{"entity_id":"e","content":"x","sources":[{"session_id":"bobs","turn_id":"b1"}]}""")).IsProblem(403, "restricted_key");
    }

    [Fact]
    public async Task A_key_that_requires_a_user_recalls_with_one_alone()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var admin = gateway.NewHttp("acme-admin-0123456789");
        var made = await new MemoryClient(admin).MakeKeyAsync(new MakeKeyRequest { Name = "app", RequiresUser = true });
        using var app = gateway.NewHttp(made.Key);
        (await app.CallAsync("POST", "/v1/recall", """{"query":"vault"}""")).Blames("user_id");
        Assert.Equal(HttpStatusCode.OK, (await app.CallAsync("POST", "/v1/recall", """{"query":"vault","user_id":"ada"}""")).Status);
    }

    [Fact]
    public async Task Keys_of_the_store_are_enough_where_the_settings_have_none()
    {
        await using var store = await TestStore.OpenAsync();
        string key;
        await using (var first = await RunningGateway.StartOverAsync(store))
            key = (await first.Client.MakeKeyAsync(new MakeKeyRequest { Name = "root", Scopes = ["read", "admin"] })).Key;
        await using var gateway = await RunningGateway.StartOverAsync(store, "MEMORY_KEYS_REQUIRED=true");
        (await gateway.GetAsync("/v1/sessions")).IsProblem(401, "unauthenticated");
        await OpensAsync(gateway, key);
    }

    private static async Task OpensAsync(RunningGateway gateway, string key) =>
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + key)).Status);
}
