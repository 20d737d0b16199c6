using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>
/// Every route with every kind of credential that must not open it, over a tenant whose every content has one word in it: what comes of it
/// is
/// written out as a table, each answer is the one it has to be, and the word is in none.
/// </summary>
public sealed class RouteTableTests(ITestOutputHelper output)
{
    private const string Word = "zanzibar";

    private const string Keys =
        "MEMORY_API_KEYS=acme:acme-all-0123456789:read+write+admin+operator,globex:globex-all-0123456789:read+write+admin,acme:acme-reader-0123456789:read,"
        + "acme:acme-writer-0123456789:write,acme:acme-admin-0123456789:admin,acme:acme-ended-0123456789:read+write+admin:2020-01-31";

    private readonly SortedDictionary<string, SortedDictionary<int, int>> table = new(StringComparer.Ordinal);
    private Dictionary<string, string> ids = [];

    [Fact]
    public async Task No_route_opens_to_a_credential_that_must_not_open_it()
    {
        await using var issuer = await ScriptedIssuer.StartAsync();
        await using var other = await ScriptedIssuer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(issuer.Settings(
            Keys, "MEMORY_UNAUTHENTICATED_RATE_LIMIT=none", "MEMORY_METRICS_ACCESS=admin", "MEMORY_CALLER_SHARE_PERCENT=100",
            "MEMORY_KEY_CACHE_SECONDS=300"));
        using var owner = gateway.NewHttp("acme-all-0123456789");
        await FillAsync(owner);
        var routes = RouteAccessTests.PatternsOf(gateway).Where(static route => route.Requirement != Requirement.Open).ToArray();
        Assert.InRange(routes.Length, 60, 500);

        (string What, string Credential)[] unknown =
            [.. await UnknownAsync(gateway, owner),
            .. TokenTests.Unsound(issuer, other).Where(static each => each.What != "no user where one is wanted")
            .Select(static each => ("JWT: " + each.What, each.Token))];
        var restricted = await MakeAsync(owner, """{"name":"walker's","users":["walker"]}""");
        foreach (var route in routes)
        {
            var path = PathOf(route.Pattern);
            foreach (var (what, credential) in unknown)
                Assert.Equal(401, await CountAsync(gateway, what, route.Method, path, credential));
            foreach (var (what, credential) in WrongScopes(route.Requirement, issuer))
                Assert.Equal(403, await CountAsync(gateway, what, route.Method, path, credential));
            Assert.InRange(await CountAsync(gateway, "restricted to another user", route.Method, path, restricted), Least(route), 406);
            if (IsNamed(route.Pattern) && !IsAppend(route))
                Assert.Equal(404, await CountAsync(gateway, "another tenant's", route.Method, path, "globex-all-0123456789"));
        }

        Assert.Equal(HttpStatusCode.OK, (await owner.CallAsync("GET", "/v1/sessions/theirs", null)).Status);
        output.WriteLine(TableOf(routes.Length));
    }

    /// <summary>Whoever asks by MCP is let in, and each of its calls is looked at.</summary>
    private static int Least((string Method, string Pattern, Requirement Requirement) route) =>
        route.Pattern.StartsWith("/mcp", StringComparison.Ordinal) ? 200 : 400;

    private static bool IsAppend((string Method, string Pattern, Requirement Requirement) route) =>
        route.Method == "POST" && route.Pattern.Contains("/turns", StringComparison.Ordinal);

    private bool IsNamed(string pattern) => ids.Keys.Any(start => pattern.StartsWith(start, StringComparison.Ordinal));

    private string PathOf(string pattern)
    {
        var id = ids.FirstOrDefault(each => pattern.StartsWith(each.Key, StringComparison.Ordinal)).Value ?? "1";
        return RouteAccessTests.PathOf(pattern, id).Replace("{tenant}", "acme", StringComparison.Ordinal).Split('{')[0];
    }

    private async Task<int> CountAsync(RunningGateway gateway, string what, string method, string path, string credential)
    {
        string[] headers = credential.Length == 0 ? [] : ["Authorization: Bearer " + credential];
        var answer = await gateway.Http.CallAsync(method, path,
            method == "PATCH" ? """{"metadata":{"a":1}}""" : RouteAccessTests.BodyOf(method), headers);
        var status = (int)answer.Status;
        Assert.DoesNotContain(Word, answer.Text, StringComparison.OrdinalIgnoreCase);
        if (status is 401 or 403)
        {
            Assert.Equal(["type", "title", "status", "detail", "code", "request_id"],
                answer.Json.EnumerateObject().Select(static member => member.Name));
            Assert.True(status == 401 == answer.Response.Headers.WwwAuthenticate.Count > 0, $"{what}: {method} {path}");
        }

        if (!table.TryGetValue(what, out var row))
            table[what] = row = [];
        row[status] = row.GetValueOrDefault(status) + 1;
        return status;
    }

    /// <summary>Something of everything, of user theirs, with the word in it.</summary>
    private async Task FillAsync(HttpClient owner)
    {
        await owner.CallAsync("POST", "/v1/sessions/theirs/turns",
            $$"""{"role":"user","content":"The {{Word}} ferry leaves at six.","user_id":"theirs"}""");
        var memory = RouteAccessTests.IdOf(await owner.CallAsync("POST", "/v1/memories",
            $$"""{"kind":"note","content":"{{Word}} ferry","user_id":"theirs"}"""));
        var entity = RouteAccessTests.IdOf(await owner.CallAsync("POST", "/v1/entities",
            $$"""{"name":"{{Word}} port","user_id":"theirs"}"""));
        var second = RouteAccessTests.IdOf(await owner.CallAsync("POST", "/v1/entities",
            $$"""{"name":"{{Word}} ferry","user_id":"theirs"}"""));
        var relation = RouteAccessTests.IdOf(await owner.CallAsync("POST", "/v1/relations",
            JsonSerializer.Serialize(new { from_id = entity, to_id = second, type = "sails" })));
        var key = (await owner.CallAsync("POST", "/v1/admin/keys", $$"""{"name":"{{Word}} key"}""")).Json.GetProperty("details")
            .GetProperty("id").GetString()!;
        ids = new(StringComparer.Ordinal)
        {
            ["/v1/sessions/{id}"] = "theirs", ["/v1/memories/{id}"] = memory, ["/v1/entities/{id}"] = entity,
                ["/v1/relations/{id}"] = relation, ["/v1/admin/keys/{id}"] = key,
        };
    }

    private static async Task<(string What, string Credential)[]> UnknownAsync(RunningGateway gateway, HttpClient owner)
    {
        var revoked = await MakeAsync(owner, """{"name":"revoked","scopes":["read","write","admin"]}""");
        var rotated = await MakeAsync(owner, """{"name":"rotated","scopes":["read","write","admin"]}""");
        var id = revoked[^81..^65];
        Assert.Equal(HttpStatusCode.OK, (await owner.CallAsync("DELETE", "/v1/admin/keys/" + id, null)).Status);
        Assert.Equal(HttpStatusCode.OK,
            (await owner.CallAsync("POST", $"/v1/admin/keys/{rotated[^81..^65]}/rotate", """{"overlap_seconds":0}""")).Status);
        var secret = new string('5', KeyText.SecretLength);
        var past = TimeProvider.System.GetUtcNow().AddHours(-1);
        var ended = new ApiKey(new string('7', KeyText.IdLength), "ended", ["read", "write", "admin"], past.AddDays(-1), "test",
            KeySecret.Of(secret, new byte[16])) { ExpiresAt = past };
        Assert.True(await gateway.Services.GetRequiredService<ITenantStore>()
            .AddKeyAsync("acme", ended, 1_000, DateTimeOffset.UnixEpoch, default));
        return
        [
            ("no key", string.Empty), ("a wrong key", "wrong"), ("a key that ended, of the settings", "acme-ended-0123456789"),
            ("a key that ended", KeyText.Of("acme", ended.Id, secret)),
            ("a revoked key", revoked), ("a rotated key's former secret", rotated),
            ("a key's id with another secret", revoked[..^64] + secret),
            ("a key's secret under another tenant", rotated.Replace("mem_acme", "mem_globex", StringComparison.Ordinal)),
            ("a key that is not there", KeyText.Of("acme", new string('9', 16), secret)),
        ];
    }

    private static async Task<string> MakeAsync(HttpClient owner, string draft) =>
        (await owner.CallAsync("POST", "/v1/admin/keys", draft)).Json.GetProperty("key").GetString()!;

    private static IEnumerable<(string What, string Credential)> WrongScopes(Requirement requirement, ScriptedIssuer issuer)
    {
        var (keys, scope) = requirement switch
        {
            Requirement.Read => (new[] { "acme-writer-0123456789", "acme-admin-0123456789" }, "memory:write memory:admin"),
            Requirement.Write => (["acme-reader-0123456789", "acme-admin-0123456789"], "memory:read memory:admin"),
            Requirement.Operator => (["acme-reader-0123456789", "acme-writer-0123456789", "acme-admin-0123456789"],
            "memory:read memory:write memory:admin memory:operator"),
            _ => (["acme-reader-0123456789", "acme-writer-0123456789"], "memory:read memory:write"),
        };
        return [.. keys.Select(static key => ("wrong scope", key)), ("JWT: wrong scope", issuer.Token(new() { ["scope"] = scope })),
            ("JWT: no scope", issuer.Token(new() { ["scope"] = null }))];
    }

    private string TableOf(int routes)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"{routes} routes, {table.Values.Sum(static row => row.Values.Sum())} requests, 0 leaks\n"));
        foreach (var (what, row) in table)
            text.Append(CultureInfo.InvariantCulture,
                $"| {what} | {string.Join(", ", row.Select(static each => $"{each.Value} × {each.Key}"))} |\n");
        return text.ToString();
    }
}
