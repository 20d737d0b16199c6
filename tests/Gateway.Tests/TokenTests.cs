using System.Net;
using MemoryOrleans.Settings;
using MemoryOrleans.Gateway.Settings;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Tokens of an issuer over the wire: what is taken, and every way in which one may not be.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task A_sound_token_is_its_tenants_with_its_scopes_beside_keys()
    {
        await using var issuer = await ScriptedIssuer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(issuer.Settings("MEMORY_API_KEYS=acme:acme-key-0123456789:read"));
        using var all = gateway.NewHttp(issuer.Token());
        Assert.Equal(HttpStatusCode.Created, (await all.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("hello"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions/s", "X-Api-Key: acme-key-0123456789")).Status);
        (await gateway.GetAsync("/v1/sessions/s", "Authorization: Bearer " + issuer.Token(new() { ["tenant"] = "globex" })))
            .IsProblem(404, "not_found");
        (await gateway.GetAsync("/v1/admin/keys", "Authorization: Bearer " + issuer.Token(new() { ["scope"] = "memory:read" })))
            .IsProblem(403, "insufficient_scope");
        Assert.Equal(HttpStatusCode.OK,
            (await gateway.GetAsync("/v1/sessions",
            "Authorization: Bearer " + issuer.Token(new() { ["scope"] = new[] { "memory:read", "x" } }))).Status);
        (await gateway.GetAsync("/v1/sessions", "Authorization: Bearer " + issuer.Token(new() { ["scope"] = "read memory:operator" })))
            .IsProblem(403, "insufficient_scope");
        (await all.CallAsync("PUT", "/v1/admin/tenants/acme", "{}")).IsProblem(403, "insufficient_scope");
        var entry = (await all.CallAsync("GET", "/v1/admin/audit", null)).Json.GetProperty("items")[0];
        Assert.Matches("^jwt:[0-9a-f]{12}$", entry.GetProperty("caller").GetString());
        Assert.Equal(1, issuer.KeysRead);
    }

    [Fact]
    public async Task Every_unsound_token_is_answered_401_in_one_shape()
    {
        await using var issuer = await ScriptedIssuer.StartAsync();
        await using var other = await ScriptedIssuer.StartAsync();
        await using var gateway =
            await RunningGateway.StartAsync(issuer.Settings("MEMORY_UNAUTHENTICATED_RATE_LIMIT=none", "MEMORY_JWT_USER_CLAIM=sub"));
        var shape = (await gateway.GetAsync("/v1/sessions", "X-Request-Id: same")).Text;
        foreach (var (what, token) in Unsound(issuer, other))
        {
            var answer = await gateway.GetAsync("/v1/sessions", "X-Request-Id: same", "Authorization: Bearer " + token);
            Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{what}: {answer.Text}");
            Assert.Equal(shape, answer.Text);
        }

        Assert.Equal(HttpStatusCode.OK,
            (await gateway.GetAsync("/v1/sessions?user_id=user-1", "Authorization: Bearer " + issuer.Token())).Status);
    }

    [Fact]
    public async Task A_token_of_a_user_speaks_of_that_user_alone()
    {
        await using var issuer = await ScriptedIssuer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(issuer.Settings("MEMORY_JWT_USER_CLAIM=sub"));
        using var http = gateway.NewHttp(issuer.Token());
        Assert.Equal(HttpStatusCode.OK, (await http.CallAsync("POST", "/v1/recall", """{"query":"x","user_id":"user-1"}""")).Status);
        (await http.CallAsync("POST", "/v1/recall", """{"query":"x","user_id":"user-2"}""")).IsProblem(403, "restricted_key");
        (await http.CallAsync("GET", "/v1/admin/export", null)).IsProblem(403, "restricted_key");
    }

    [Fact]
    public async Task A_token_of_a_user_opens_nothing_that_is_mapped_beside_the_gateway_as_the_dashboard_is()
    {
        await using var issuer = await ScriptedIssuer.StartAsync();
        await using var gateway = await RunningGateway.StartBesideAsync(
            "/dashboard", issuer.Settings("MEMORY_JWT_USER_CLAIM=sub", "MEMORY_API_KEYS=acme:acme-admin-0123456789:admin"));
        (await gateway.GetAsync("/dashboard", "Authorization: Bearer " + issuer.Token())).IsProblem(403, "restricted_key");
        (await gateway.GetAsync("/none-such", "Authorization: Bearer " + issuer.Token())).IsProblem(404, "no_such_route");
        Assert.Equal("beside", (await gateway.GetAsync("/dashboard", "X-Api-Key: acme-admin-0123456789")).Text);
    }

    [Fact]
    public async Task A_rotated_key_is_found_and_the_former_one_is_not_taken_any_more()
    {
        await using var issuer = await ScriptedIssuer.StartAsync();
        await using var gateway =
            await RunningGateway.StartAsync(issuer.Settings("MEMORY_JWT_REFRESH_SECONDS=1", "MEMORY_UNAUTHENTICATED_RATE_LIMIT=none"));
        var former = issuer.Token();
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "Authorization: Bearer " + former)).Status);
        issuer.Rotate();
        var began = System.Diagnostics.Stopwatch.StartNew();
        while ((await gateway.GetAsync("/v1/sessions", "Authorization: Bearer " + issuer.Token())).Status != HttpStatusCode.OK)
            Assert.InRange(began.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        (await gateway.GetAsync("/v1/sessions", "Authorization: Bearer " + former)).IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Unknown_keys_do_not_make_the_issuer_be_asked_again_and_again()
    {
        await using var issuer = await ScriptedIssuer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(issuer.Settings("MEMORY_UNAUTHENTICATED_RATE_LIMIT=none"));
        for (var i = 0; i < 50; i++)
            (await gateway.GetAsync("/v1/sessions", "Authorization: Bearer " + issuer.Token(kid: $"unknown-{i}")))
                .IsProblem(401, "unauthenticated");
        Assert.InRange(issuer.KeysRead, 1, 3);
    }

    [Fact]
    public async Task Without_its_issuer_a_token_is_answered_503_and_a_key_is_taken()
    {
        var issuer = await ScriptedIssuer.StartAsync();
        var (settings, token) = (issuer.Settings("MEMORY_API_KEYS=acme:acme-key-0123456789:read"), issuer.Token());
        await issuer.DisposeAsync();
        await using var gateway = await RunningGateway.StartAsync(settings);
        (await gateway.GetAsync("/v1/sessions", "Authorization: Bearer " + token)).IsProblem(503, "not_ready");
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "X-Api-Key: acme-key-0123456789")).Status);
    }

    [Theory]
    [InlineData("MEMORY_JWT_AUDIENCE", "MEMORY_JWT_AUTHORITY=https://issuer.example")]
    [InlineData("MEMORY_JWT_AUTHORITY", "MEMORY_JWT_AUTHORITY=http://issuer.example", "MEMORY_JWT_AUDIENCE=memory")]
    [InlineData("MEMORY_JWT_METADATA", "MEMORY_JWT_METADATA=issuer", "MEMORY_JWT_AUDIENCE=memory")]
    [InlineData("MEMORY_JWT_ALGORITHMS", "MEMORY_JWT_AUTHORITY=https://issuer.example", "MEMORY_JWT_AUDIENCE=memory",
        "MEMORY_JWT_ALGORITHMS=RS256,HS256")]
    [InlineData("MEMORY_JWT_ALGORITHMS", "MEMORY_JWT_AUTHORITY=https://issuer.example", "MEMORY_JWT_AUDIENCE=memory",
        "MEMORY_JWT_ALGORITHMS=none")]
    public void Settings_that_would_take_the_wrong_tokens_are_refused(string blamed, params string[] given)
    {
        var values = given.Select(static each => each.Split('=', 2)).Select(static pair => KeyValuePair.Create(pair[0], (string?)pair[1]));
        var settings = new MemorySettings(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        _ = TokenOptions.Read(settings);
        Assert.StartsWith(blamed + ":", Assert.Single(settings.Errors), StringComparison.Ordinal);
    }

    /// <summary>Tokens that nobody may be let in by, each wrong in one way.</summary>
    internal static IEnumerable<(string What, string Token)> Unsound(ScriptedIssuer issuer, ScriptedIssuer other)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        foreach (var none in new[] { "none", "None", "nOnE", string.Empty })
            yield return ($"unsigned, alg {none}", issuer.Unsigned(none));
        yield return ("a signature left out", issuer.Unsigned("RS256"));
        foreach (var token in issuer.SignedByThePublicKey())
            yield return ("HS256 by the public key", token);
        yield return ("signed by another key under the same id", issuer.Forged());
        yield return ("another issuer's, sound", other.Token());
        yield return ("another issuer's, claiming this one", other.Token(new() { ["iss"] = issuer.Name }));
        yield return ("wrong issuer", issuer.Token(new() { ["iss"] = "https://issuer.example" }));
        yield return ("no issuer", issuer.Token(new() { ["iss"] = null }));
        yield return ("wrong audience", issuer.Token(new() { ["aud"] = "another" }));
        yield return ("no audience", issuer.Token(new() { ["aud"] = null }));
        yield return ("expired", issuer.Token(new() { ["exp"] = now - 120 }));
        yield return ("without an end", issuer.Token(new() { ["exp"] = null }));
        yield return ("not valid yet", issuer.Token(new() { ["nbf"] = now + 300 }));
        yield return ("unknown key id", issuer.Token(kid: "unknown"));
        yield return ("no tenant", issuer.Token(new() { ["tenant"] = null }));
        yield return ("a tenant of the wrong form", issuer.Token(new() { ["tenant"] = "a/b" }));
        yield return ("two tenants", issuer.Token(new() { ["tenant"] = new[] { "acme", "globex" } }));
        yield return ("no user where one is wanted", issuer.Token(new() { ["sub"] = null }));
        yield return ("changed after signing", Changed(issuer.Token()));
        yield return ("no token at all", "eyJhbGciOiJSUzI1NiJ9.e30.");
        yield return ("broken", "eyJ.eyJ.eyJ");
    }

    private static string Changed(string token)
    {
        var parts = token.Split('.');
        var middle = parts[1].Length / 2;
        parts[1] = parts[1][..middle] + (parts[1][middle] == 'A' ? 'B' : 'A') + parts[1][(middle + 1)..];
        return string.Join('.', parts);
    }
}
