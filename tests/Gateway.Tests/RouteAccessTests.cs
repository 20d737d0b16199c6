using System.Net;
using System.Text.Json;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Walks every route there is: each asks for the scope its operation names, and another tenant's things are not there.</summary>
public sealed class RouteAccessTests
{
    private const string Keys =
        "MEMORY_API_KEYS=acme:acme-reader-0123456789:read,acme:acme-writer-0123456789:write,acme:acme-admin-0123456789:admin,"
        + "acme:acme-all-0123456789:read+write+admin,globex:globex-all-0123456789:read+write+admin,acme:acme-ended-0123456789:read+write+admin:2020-01-31";

    [Fact]
    public async Task Every_route_answers_401_without_a_valid_key_and_403_without_its_scope_in_one_shape()
    {
        await using var gateway =
            await RunningGateway.StartAsync(Keys, "MEMORY_UNAUTHENTICATED_RATE_LIMIT=none", "MEMORY_METRICS_ACCESS=admin");
        var walked = 0;
        foreach (var (method, path, requirement) in RoutesOf(gateway))
        {
            if (requirement == Requirement.Open)
                continue;
            walked++;
            foreach (var headers in new string[][] { [], ["X-Api-Key: wrong"], ["Authorization: Basic eDp5"],
                ["X-Api-Key: acme-ended-0123456789"] })
            {
                var refused = (await gateway.Http.CallAsync(method, path, BodyOf(method), headers)).IsProblem(401, "unauthenticated");
                Assert.Equal(["type", "title", "status", "detail", "code", "request_id"],
                    refused.EnumerateObject().Select(member => member.Name));
            }

            var wrong = requirement switch
            {
                Requirement.Read => new[] { "acme-writer-0123456789", "acme-admin-0123456789" },
                Requirement.Write => ["acme-reader-0123456789", "acme-admin-0123456789"],
                Requirement.Operator => ["acme-reader-0123456789", "acme-writer-0123456789", "acme-all-0123456789"],
                _ => ["acme-reader-0123456789", "acme-writer-0123456789"],
            };
            foreach (var key in wrong)
            {
                var answer = await gateway.Http.CallAsync(method, path, BodyOf(method), "X-Api-Key: " + key);
                Assert.True(answer.Status == HttpStatusCode.Forbidden, $"{method} {path}: {answer.Text}");
                answer.IsProblem(403, "insufficient_scope");
            }
        }

        Assert.InRange(walked, 50, 500);
    }

    [Fact]
    public async Task What_is_another_tenants_looks_as_if_it_were_not_there()
    {
        await using var gateway = await RunningGateway.StartAsync(Keys);
        using var acme = gateway.NewHttp("acme-all-0123456789");
        using var globex = gateway.NewHttp("globex-all-0123456789");
        await acme.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("The bakery is in Lisbon."));
        var memory = IdOf(await acme.CallAsync("POST", "/v1/memories", """{"kind":"note","content":"Rye bread."}"""));
        var entity = IdOf(await acme.CallAsync("POST", "/v1/entities", """{"name":"Nora"}"""));
        var other = IdOf(await acme.CallAsync("POST", "/v1/entities", """{"name":"Bakery"}"""));
        var relation = IdOf(await acme.CallAsync("POST", "/v1/relations",
            JsonSerializer.Serialize(new { from_id = entity, to_id = other, type = "owns" })));
        var ids = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["/v1/sessions/{id}"] = "s", ["/v1/memories/{id}"] = memory, ["/v1/entities/{id}"] = entity, ["/v1/relations/{id}"] = relation,
        };
        var walked = 0;
        foreach (var (method, pattern, _) in PatternsOf(gateway))
        {
            // Appending to a session that is not there begins one of one's own.
            if (pattern.Contains("/turns", StringComparison.Ordinal) && method == "POST")
                continue;
            if (ids.FirstOrDefault(each => pattern.StartsWith(each.Key, StringComparison.Ordinal)) is not { Value: { } id })
                continue;
            walked++;
            var body = method == "PATCH" ? """{"metadata":{"a":1}}""" : method == "POST" ? "{}" : null;
            var (theirPath, absentPath) = (PathOf(pattern, id), PathOf(pattern, "absent"));
            var theirs = await globex.CallAsync(method, theirPath, body, "X-Request-Id: same");
            var absent = await globex.CallAsync(method, absentPath, body, "X-Request-Id: same");
            Assert.True(theirs.Status == HttpStatusCode.NotFound, $"{method} {pattern}: {theirs.Text}");
            Assert.Equal(absent.Text, theirs.Text);
        }

        Assert.InRange(walked, 12, 100);
        Assert.Equal(HttpStatusCode.OK, (await acme.CallAsync("GET", "/v1/sessions/s", null)).Status);
    }

    [Fact]
    public async Task Keys_come_from_a_file_too_and_end_when_they_say()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file,
            "# keys of acme\n\nacme:file-key-0123456789\nacme:last-key-0123456789:read:2999-12-31\nacme:ended-key-0123456789:read:2020-01-31\n");
        await using var gateway = await RunningGateway.StartAsync("MEMORY_API_KEYS_FILE=" + file);
        File.Delete(file);
        foreach (var key in new[] { "file-key-0123456789", "last-key-0123456789" })
            Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", "X-Api-Key: " + key)).Status);
        (await gateway.GetAsync("/v1/sessions", "X-Api-Key: ended-key-0123456789")).IsProblem(401, "unauthenticated");
        (await gateway.GetAsync("/v1/sessions")).IsProblem(401, "unauthenticated");
    }

    internal static IEnumerable<(string Method, string Path, Requirement Requirement)> RoutesOf(RunningGateway gateway) =>
        PatternsOf(gateway).Select(static route => (
            route.Method,
            PathOf(route.Pattern, "1").Replace("{tenant}", "acme", StringComparison.Ordinal).Split('{')[0],
            route.Requirement));

    internal static List<(string Method, string Pattern, Requirement Requirement)> PatternsOf(RunningGateway gateway) =>
        [.. gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.Metadata.GetMetadata<Operation>() is not null)
            .SelectMany(static endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method =>
                (method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetMetadata<Operation>()!.Requirement)))];

    internal static string PathOf(string pattern, string id) =>
        pattern.Replace("{id}", id, StringComparison.Ordinal).Replace("{turn_id}", "s:1", StringComparison.Ordinal);

    internal static string? BodyOf(string method) => method is "POST" or "PUT" or "PATCH" ? "{}" : null;

    internal static string IdOf(Answer answer) =>
        answer.Json.TryGetProperty("id", out var id) ? id.GetString()! : answer.Json.GetProperty("entity").GetProperty("id").GetString()!;
}
