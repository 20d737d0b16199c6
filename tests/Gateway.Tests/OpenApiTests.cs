using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>The OpenAPI document says everything of every call.</summary>
public sealed class OpenApiTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    private List<Operation> Operations =>
    [
        .. gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(static endpoint => endpoint.Metadata.GetMetadata<Operation>()).OfType<Operation>().Where(static each => each.IsListed),
    ];

    [Fact]
    public async Task No_schema_and_no_property_is_without_a_description()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").EnumerateObject().ToList();
        Assert.True(schemas.Count > 90);
        var silent = schemas.Where(static schema => !Says(schema.Value, "description")).Select(static schema => schema.Name)
            .Concat(schemas.SelectMany(static schema => Members(schema.Value).Where(static member => !Says(member.Value, "description"))
                .Select(member => $"{schema.Name}.{member.Name}")));
        Assert.Empty(silent);
    }

    [Fact]
    public async Task No_property_is_without_a_type()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").EnumerateObject();
        string[] types = ["type", "$ref", "oneOf", "anyOf", "allOf", "enum"];
        Assert.Empty(schemas.SelectMany(schema => Members(schema.Value)
            .Where(member => !types.Any(type => member.Value.TryGetProperty(type, out _)))
            .Select(member => $"{schema.Name}.{member.Name}")));
    }

    [Fact]
    public async Task Every_call_has_a_summary_a_description_its_headers_and_its_errors()
    {
        foreach (var (name, call) in await CallsAsync())
        {
            Assert.True(Says(call, "summary") && Says(call, "description") && Says(call, "operationId"), name);
            var answers = call.GetProperty("responses").EnumerateObject().ToDictionary(static each => each.Name, static each => each.Value);
            Assert.True(answers.ContainsKey("403") && answers.ContainsKey("500"), name);
            if (!call.TryGetProperty("security", out _))
                Assert.True(new[] { "400", "401", "429", "503" }.All(answers.ContainsKey), name);
            foreach (var (status, answer) in answers.Where(static each => !each.Value.TryGetProperty("$ref", out _)))
                Assert.True(Says(answer, "description") && answer.GetProperty("headers").TryGetProperty("X-Request-Id", out _),
                    $"{name}: {status}");
            foreach (var parameter in call.TryGetProperty("parameters", out var all)
                ? all.EnumerateArray() : Enumerable.Empty<JsonElement>())
                Assert.True(Says(parameter, "description"), $"{name}: {parameter}");
        }
    }

    [Fact]
    public async Task Every_call_that_waits_for_a_tenants_erasure_says_so()
    {
        var called = (await CallsAsync()).ToDictionary(
            static each => each.Call.GetProperty("operationId").GetString()!, static each => each.Call.GetProperty("responses"),
            StringComparer.Ordinal);
        var fenced = Operations.Where(static each => each.IsOfTenant).ToList();
        Assert.InRange(fenced.Count, 50, 500);
        Assert.Contains(fenced, static each => each.Id == "streamEvents");
        Assert.Empty(fenced.Where(each => !called[each.Id].TryGetProperty("409", out _)).Select(static each => each.Id));
        Assert.False(called["live"].TryGetProperty("409", out _));
    }

    [Fact]
    public async Task Every_body_and_every_answer_with_content_has_an_example()
    {
        foreach (var (name, call) in await CallsAsync())
        {
            if (call.TryGetProperty("requestBody", out var body))
                Assert.All(body.GetProperty("content").EnumerateObject(),
                    type => Assert.True(type.Value.TryGetProperty("example", out _), name));
            foreach (var answer in call.GetProperty("responses").EnumerateObject())
            {
                if (answer.Value.TryGetProperty("content", out var content))
                    Assert.All(content.EnumerateObject(),
                        type => Assert.True(type.Value.TryGetProperty("example", out _), $"{name}: {answer.Name}"));
            }
        }
    }

    [Fact]
    public void Examples_are_what_the_records_read()
    {
        Assert.Equal(Operations.Select(static each => each.Id).Order(StringComparer.Ordinal),
            OperationTexts.Ids.Order(StringComparer.Ordinal));
        foreach (var operation in Operations)
        {
            if (operation.Body is { } body)
                Assert.NotNull(OperationTexts.BodyOf(operation.Id).Deserialize(TypeOf(body)));
            foreach (var status in operation.Also.Select(static each => each.Status).Append(operation.Status))
            {
                if (operation.Answer is not { } answer)
                    continue;
                var example = OperationTexts.AnswerOf(operation.Id, status)!;
                var written = JsonSerializer.SerializeToElement(example.Deserialize(TypeOf(answer)), TypeOf(answer));
                Assert.Empty(example.AsObject().Select(static pair => pair.Key)
                    .Except(written.EnumerateObject().Select(static member => member.Name)));
            }
        }
    }

    [Theory]
    [InlineData("/v1/entities", "post", "200")]
    [InlineData("/v1/observations", "post", "200")]
    [InlineData("/v1/relations", "post", "200")]
    [InlineData("/v1/admin/erasures", "post", "202")]
    [InlineData("/v1/sessions/{id}/distill", "post", "202")]
    [InlineData("/health/ready", "get", "503")]
    public async Task Answers_other_than_the_usual_are_declared(string path, string method, string status) =>
        Assert.True((await DocumentAsync()).GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses")
        .TryGetProperty(status, out _));

    [Fact]
    public async Task A_patch_tells_a_time_an_object_and_null_apart()
    {
        var edit = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty("EditMemoryRequest")
            .GetProperty("properties");
        Assert.Equal(["null", "string"], Types(edit.GetProperty("valid_to")));
        Assert.Equal("date-time", edit.GetProperty("valid_to").GetProperty("format").GetString());
        Assert.Equal(["null", "object"], Types(edit.GetProperty("metadata")));
        Assert.Equal(["active", "archived", null],
            edit.GetProperty("status").GetProperty("enum").EnumerateArray().Select(static word => word.GetString()));
    }

    [Fact]
    public async Task Streams_are_binary_and_the_callers_host_is_not_echoed()
    {
        var document = await DocumentAsync();
        Assert.Equal(["/"], document.GetProperty("servers").EnumerateArray()
            .Select(static server => server.GetProperty("url").GetString()));
        foreach (var (path, type) in new[] { ("/v1/admin/export", "application/x-ndjson"), ("/metrics", "text/plain") })
        {
            var answer = document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty("200");
            Assert.Equal("binary", answer.GetProperty("content").GetProperty(type).GetProperty("schema").GetProperty("format").GetString());
        }
    }

    [Fact]
    public async Task A_deprecated_call_says_until_when_it_stays_in_the_document_and_in_every_answer()
    {
        var call = (await DocumentAsync()).GetProperty("paths").GetProperty("/memory/distill").GetProperty("post");
        Assert.True(call.GetProperty("deprecated").GetBoolean());
        Assert.True(call.GetProperty("responses").GetProperty("200").GetProperty("headers").TryGetProperty("Sunset", out _));

        foreach (var body in new[] { """{"session_id":"nobody-s"}""", "{}" })
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await gateway.Http.PostAsync(new Uri("memory/distill", UriKind.Relative), content,
                TestContext.Current.CancellationToken);
            Assert.Equal("@1796083200", Assert.Single(answer.Headers.GetValues("Deprecation")));
            Assert.Equal("Sat, 01 Jan 2028 00:00:00 GMT", Assert.Single(answer.Headers.GetValues("Sunset")));
            Assert.Contains("rel=\"successor-version\"", Assert.Single(answer.Headers.GetValues("Link")), StringComparison.Ordinal);
        }

        Assert.False((await gateway.GetAsync("/v1/sessions")).Response.Headers.Contains("Deprecation"));
        Assert.All(
            Operations.Select(static each => each.Deprecation).OfType<Deprecation>(),
            static each => Assert.True(each.Sunset - each.Since >= TimeSpan.FromDays(365)));
    }

    [Fact]
    public async Task Who_may_read_sees_how_far_a_session_is_distilled()
    {
        await using var keyed = await RunningGateway.StartAsync(
            "MEMORY_API_KEYS=acme:reading-key-0123456789:read,acme:writing-key-0123456789:read+write");
        using var reading = keyed.NewHttp("reading-key-0123456789");
        using var writing = keyed.NewHttp("writing-key-0123456789");
        var (reader, writer) = (new MemoryClient(reading), new MemoryClient(writing));
        await writer.AppendAsync("s1", new AppendTurnRequest { Role = "user", Content = "I live in Lisbon." },
            cancel: TestContext.Current.CancellationToken);
        Assert.Equal(new DistillationProgressResponse("s1", 1, 0, 1, "pending"),
            await reader.GetDistillationAsync("s1", TestContext.Current.CancellationToken));
        await writer.DistilAsync("s1", TestContext.Current.CancellationToken);
        Assert.Equal(new DistillationProgressResponse("s1", 1, 1, 0, "complete"),
            await reader.GetDistillationAsync("s1", TestContext.Current.CancellationToken));
        (await gateway.GetAsync("/v1/sessions/never-was/distillation")).IsProblem(404, "not_found");
    }

    private async Task<JsonElement> DocumentAsync() => (await gateway.GetAsync("/openapi/v1.json")).Json;

    private async Task<List<(string Name, JsonElement Call)>> CallsAsync() =>
    [
        .. (await DocumentAsync()).GetProperty("paths").EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Select(call => ($"{call.Name} {path.Name}", call.Value))),
    ];

    private static JsonTypeInfo TypeOf(Type record) => MemoryJsonContext.Default.GetTypeInfo(record)!;

    private static bool Says(JsonElement part, string name) =>
        part.TryGetProperty(name, out var text) && text.GetString() is { Length: > 0 };

    private static IEnumerable<JsonProperty> Members(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : [];

    private static IEnumerable<string?> Types(JsonElement schema) =>
        schema.GetProperty("type").EnumerateArray().Select(static type => type.GetString()).Order(StringComparer.Ordinal);
}
