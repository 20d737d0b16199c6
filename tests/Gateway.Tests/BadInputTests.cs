using System.Net;
using System.Text;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Bad input gets a 4xx that names the field, and changes nothing.</summary>
public sealed class BadInputTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    public static TheoryData<string, string> BadTurns => new()
    {
        { """{"content":"x"}""", "role" },
        { """{"role":null,"content":"x"}""", "role" },
        { """{"role":"","content":"x"}""", "role" },
        { """{"role":"the user","content":"x"}""", "role" },
        { $$"""{"role":"{{new string('r', 65)}}","content":"x"}""", "role" },
        { """{"role":7,"content":"x"}""", "role" },
        { """{"role":"user"}""", "content" },
        { """{"role":"user","content":null}""", "content" },
        { """{"role":"user","content":""}""", "content" },
        { """{"role":"user","content":" \n\t "}""", "content" },
        { """{"role":"user","content":["x"]}""", "content" },
        { """{"role":"user","content":"nul \u0000"}""", "content" },
        { """{"role":"user","content":"lone \ud800 surrogate"}""", "content" },
        { $$"""{"role":"user","content":"{{new string('x', 100_001)}}"}""", "content" },
        { """{"role":"user","content":"a","content":"b"}""", "content" },
        { """{"role":"user","content":"x","id":""}""", "id" },
        { """{"role":"user","content":"x","id":"-starts-badly"}""", "id" },
        { """{"role":"user","content":"x","id":"two words"}""", "id" },
        { $$"""{"role":"user","content":"x","id":"{{new string('i', 129)}}"}""", "id" },
        { """{"role":"user","content":"x","user_id":"a/b"}""", "user_id" },
        { """{"role":"user","content":"x","agent_id":"ä"}""", "agent_id" },
        { """{"role":"user","content":"x","name":""}""", "name" },
        { """{"role":"user","content":"x","name":"a\nb"}""", "name" },
        { $$"""{"role":"user","content":"x","name":"{{new string('n', 129)}}"}""", "name" },
        { """{"role":"user","content":"x","occurred_at":"yesterday"}""", "occurred_at" },
        { """{"role":"user","content":"x","occurred_at":"2024-05-01"}""", "occurred_at" },
        { """{"role":"user","content":"x","occurred_at":"2024-05-01T10:00:00"}""", "occurred_at" },
        { """{"role":"user","content":"x","occurred_at":"2024-02-30T10:00:00Z"}""", "occurred_at" },
        { """{"role":"user","content":"x","occurred_at":"0001-01-01T00:00:00+01:00"}""", "occurred_at" },
        { """{"role":"user","content":"x","occurred_at":1714557600}""", "occurred_at" },
        { """{"role":"user","content":"x","metadata":[1]}""", "metadata" },
        { """{"role":"user","content":"x","metadata":"text"}""", "metadata" },
        { """{"role":"user","content":"x","metadata":{"a":1,"a":2}}""", "metadata" },
        { """{"role":"user","content":"x","metadata":{"a":"\u0000"}}""", "metadata" },
        { """{"role":"user","content":"x","metadata":{"a":["\ud800"]}}""", "metadata.a[0]" },
        { """{"role":"user","content":"x","metadata":{"\udc00":1}}""", "metadata" },
        { $$$"""{"role":"user","content":"x","metadata":{"a":"{{{new string('m', 16 * 1024)}}}"}}""", "metadata" },
    };

    public static TheoryData<string, string> BadBatches => new()
    {
        { """{}""", "turns" },
        { """{"turns":null}""", "turns" },
        { """{"turns":{}}""", "turns" },
        { """{"turns":[]}""", "turns" },
        { $$"""{"turns":[{{string.Join(',', Enumerable.Repeat("""{"role":"user","content":"x"}""", 1_001))}}]}""", "turns" },
        { """{"turns":[{"role":"user","content":"x"},null]}""", "turns[1]" },
        { """{"turns":[{"role":"user","content":"x"},"y"]}""", "turns[1]" },
        { """{"turns":[{"role":"user","content":"x"},{"role":"user","content":" "}]}""", "turns[1].content" },
        { """{"turns":[{"role":"user","content":"x"},{"role":"user","content":5}]}""", "turns[1].content" },
        { """{"turns":[{"role":"user","content":"x"},{"content":"y"}]}""", "turns[1].role" },
        { """{"turns":[{"id":"a","role":"user","content":"x"},{"id":"a","role":"user","content":"x"}]}""", "turns[1].id" },
        { """{"turns":[{"role":"user","content":"x","occurred_at":"never"}]}""", "turns[0].occurred_at" },
        { """{"turns":[{"role":"user","content":"x","metadata":3}]}""", "turns[0].metadata" },
        { """{"user_id":"/","turns":[{"role":"user","content":"x"}]}""", "user_id" },
    };

    public static TheoryData<string, string> UnknownFields => new()
    {
        { """{"role":"user","content":"x","contents":"y"}""", "contents" },
        { """{"role":"user","content":"x","session_id":"y"}""", "session_id" },
        { """{"role":"user","content":"x","odd name":"y"}""", "odd name" },
    };

    [Theory]
    [MemberData(nameof(BadTurns))]
    public async Task A_bad_turn_is_refused_by_field_and_stores_nothing(string body, string field)
    {
        var id = Calls.NewId();
        (await gateway.PostAsync($"/v1/sessions/{id}/turns", body)).Blames(field);
        (await gateway.GetAsync($"/v1/sessions/{id}")).IsProblem(404, "not_found");
    }

    [Theory]
    [MemberData(nameof(BadBatches))]
    public async Task A_bad_batch_is_refused_by_field_and_stores_nothing(string body, string field)
    {
        var id = Calls.NewId();
        (await gateway.PostAsync($"/v1/sessions/{id}/turns/batch", body)).Blames(field);
        (await gateway.GetAsync($"/v1/sessions/{id}")).IsProblem(404, "not_found");
    }

    [Theory]
    [MemberData(nameof(UnknownFields))]
    public async Task An_unknown_field_is_refused_by_name(string body, string field)
    {
        var id = Calls.NewId();
        (await gateway.PostAsync($"/v1/sessions/{id}/turns", body)).Blames(field, "unknown_field");
        (await gateway.PostAsync($"/v1/sessions/{id}/turns/batch", $$"""{"turns":[{{body}}]}"""))
            .Blames("turns[0]." + field, "unknown_field");
        (await gateway.GetAsync($"/v1/sessions/{id}")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var answer = await gateway.PostAsync($"/v1/sessions/-bad/turns", """{"id":"?","role":"?","content":"","user_id":"?"}""",
            "If-Match: x", "Idempotency-Key: a b");
        foreach (var field in new[] { "id", "role", "content", "user_id", "If-Match", "Idempotency-Key" })
            answer.Blames(field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"role\":\"user\",}")]
    [InlineData("{\"role\":\"user\"} x")]
    [InlineData("role=user")]
    public async Task Malformed_json_is_refused_with_its_position(string body)
    {
        var problem = (await gateway.PostAsync($"/v1/sessions/{Calls.NewId()}/turns", body)).IsProblem(400, "malformed_json");
        if (body.Length > 0)
            Assert.Contains("line 1 at byte", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    public async Task A_body_that_is_no_object_is_refused(string body) =>
        (await gateway.PostAsync($"/v1/sessions/{Calls.NewId()}/turns", body)).Blames("body");

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused()
    {
        using var content = new ByteArrayContent([.. "{\"role\":\"user\",\"content\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        var response = await gateway.Http.PostAsync(new Uri($"/v1/sessions/{Calls.NewId()}/turns", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task A_body_that_is_not_declared_json_is_refused(string type)
    {
        var id = Calls.NewId();
        (await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("x"), "Content-Type: " + type))
            .IsProblem(415, "unsupported_media_type");
        (await gateway.PostAsync("/v1/recall", """{"query":"x"}""", "Content-Type: " + type)).IsProblem(415, "unsupported_media_type");
        (await gateway.GetAsync($"/v1/sessions/{id}")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task A_body_without_content_type_is_refused()
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Calls.Said("x")));
        var response = await gateway.Http.PostAsync(new Uri($"/v1/sessions/{Calls.NewId()}/turns", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("%C3%A4")]
    [InlineData("a%2Fb")]
    public async Task A_malformed_session_id_is_refused_everywhere(string id)
    {
        (await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("x"))).Blames("id");
        (await gateway.PostAsync($"/v1/sessions/{id}/close", null)).Blames("id");
        (await gateway.Http.CallAsync("DELETE", $"/v1/sessions/{id}", null)).Blames("id");
        foreach (var rest in new[] { string.Empty, "/turns", "/working-memory", "/context" })
            (await gateway.GetAsync($"/v1/sessions/{id}{rest}")).Blames("id");
    }

    [Theory]
    [InlineData("/v1/sessions?limit=0", "limit")]
    [InlineData("/v1/sessions?limit=101", "limit")]
    [InlineData("/v1/sessions?limit=ten", "limit")]
    [InlineData("/v1/sessions?limit=5&limit=6", "limit")]
    [InlineData("/v1/sessions?cursor=%3F%3F", "cursor")]
    [InlineData("/v1/sessions?status=ajar", "status")]
    [InlineData("/v1/sessions?user_id=a%20b", "user_id")]
    [InlineData("/v1/sessions?agent_id=-", "agent_id")]
    [InlineData("/v1/sessions?limits=5", "limits")]
    [InlineData("/v1/sessions/s/turns?limit=1000", "limit")]
    [InlineData("/v1/sessions/s/turns?cursor=abc", "cursor")]
    [InlineData("/v1/sessions/s/turns?cursor=!", "cursor")]
    [InlineData("/v1/sessions/s/context?max_tokens=0", "max_tokens")]
    [InlineData("/v1/sessions/s/context?max_tokens=1000001", "max_tokens")]
    [InlineData("/v1/sessions/s/context?query=%20", "query")]
    [InlineData("/v1/sessions/s/context?querry=x", "querry")]
    [InlineData("/v1/sessions/s?x=1", "x")]
    public async Task A_bad_parameter_is_refused_by_name(string path, string parameter) => (await gateway.GetAsync(path)).Blames(parameter);

    [Fact]
    public async Task A_query_of_4000_wide_characters_fits_in_a_url_and_one_more_is_refused()
    {
        var id = Calls.NewId();
        await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("x"));
        var longest = string.Concat(Enumerable.Repeat("%E7%95%8C", 4_000));
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync($"/v1/sessions/{id}/context?query={longest}")).Status);
        (await gateway.GetAsync($"/v1/sessions/{id}/context?query={longest}x")).Blames("query");
    }

    [Fact]
    public async Task A_body_over_8_mib_is_refused()
    {
        var id = Calls.NewId();
        var content = new string('x', 90_000);
        var body = JsonSerializer.Serialize(new { turns = Enumerable.Range(0, 100).Select(_ => new { role = "user", content }) });
        (await gateway.PostAsync($"/v1/sessions/{id}/turns/batch", body)).IsProblem(413, "payload_too_large");
        (await gateway.PostAsync($"/v1/sessions/{id}/turns/batch", body, "Transfer-Encoding: chunked")).IsProblem(413, "payload_too_large");
        (await gateway.GetAsync($"/v1/sessions/{id}")).IsProblem(404, "not_found");
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("FFFFFFFFFFFFFFFF")]
    public async Task A_chunk_without_a_readable_size_is_a_bad_request(string size)
    {
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var stream = connection.GetStream();
        var key = gateway.Http.DefaultRequestHeaders.TryGetValues("X-Api-Key", out var keys)
            ? $"X-Api-Key: {keys.First()}\r\n" : string.Empty;
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /v1/recall HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\n{key}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n"));
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 400 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }
}
