using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Half of a surrogate pair is refused wherever a body may have a text, and nothing of the body is stored.</summary>
public sealed class UnicodeTests
{
    private const string Half = "\"\\udc00x\"";

    [Fact]
    public async Task Every_body_with_half_of_a_surrogate_pair_is_refused_by_field_and_stores_nothing()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var operations = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.Metadata.GetMetadata<Operation>()?.Body is not null)
            .ToArray();
        Assert.True(operations.Length >= 15, $"{operations.Length} operations take a body");

        var sent = 0;
        foreach (var operation in operations)
        {
            var body = MemoryJsonContext.Default.GetTypeInfo(operation.Metadata.GetMetadata<Operation>()!.Body!)!;
            var method = operation.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var path = Fill(operation.RoutePattern.RawText!);
            foreach (var (json, field) in BodiesOf(body, 0))
            {
                (await gateway.Http.CallAsync(method, path, json)).Blames(field.Length > 0 ? field : "body");
                sent++;
            }
        }

        Assert.True(sent > 250, $"{sent} bodies were sent");
        foreach (var path in new[] { "/v1/sessions", "/v1/memories", "/v1/admin/erasures" })
            Assert.Empty((await gateway.GetAsync(path)).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(0, (await gateway.Client.GetGraphOverviewAsync()).Entities);
    }

    [Theory]
    [InlineData("ED A0 80")]
    [InlineData("C3 28")]
    [InlineData("FF")]
    public async Task Bytes_that_are_no_utf8_are_refused_by_field_in_json_that_is_read_late(string bytes)
    {
        await using var gateway = await RunningGateway.StartAsync();
        var wrong = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
        using var content = new ByteArrayContent([.. "{\"valid_to\":\""u8, .. wrong, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/memories/m-1") { Content = content };
        var response = await gateway.Http.SendAsync(request);
        new Answer(response, await response.Content.ReadAsStringAsync()).Blames("valid_to");
    }

    /// <summary>Every body that has the text in one place: as a value, as a member's name, and deep in free JSON.</summary>
    private static IEnumerable<(string Json, string Field)> BodiesOf(JsonTypeInfo type, int depth)
    {
        yield return ("{\"\\ud800\":1}", "");
        foreach (var property in type.Properties)
        {
            foreach (var (json, field) in ValuesOf(type.Options.GetTypeInfo(property.PropertyType), depth))
            {
                var dot = field.StartsWith('[') || field.Length == 0 ? "" : ".";
                yield return ($"{{\"{property.Name}\":{json}}}", property.Name + dot + field);
            }
        }
    }

    private static IEnumerable<(string Json, string Field)> ValuesOf(JsonTypeInfo type, int depth)
    {
        yield return (Half, "");
        yield return ($"[1,{Half}]", "[1]");
        yield return ($"{{\"a\":[{{}},{{\"b\":{Half}}}]}}", "a[1].b");
        yield return ("{\"a\":{\"\\udbff\":1}}", "a");
        if (depth > 4)
            yield break;
        if (type.Kind == JsonTypeInfoKind.Object)
        {
            foreach (var inner in BodiesOf(type, depth + 1))
                yield return inner;
        }
        else if (type.ElementType is { } element && type.Options.GetTypeInfo(element) is { Kind: JsonTypeInfoKind.Object } items)
        {
            foreach (var (json, field) in BodiesOf(items, depth + 1))
                yield return ($"[{json}]", field.Length > 0 ? "[0]." + field : "[0]");
        }
    }

    private static string Fill(string pattern)
    {
        var path = pattern.Split('/').Select(static part => part.StartsWith('{') ? "x-1" : part);
        return "/" + string.Join('/', path).TrimStart('/');
    }
}
