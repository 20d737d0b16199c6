using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

public sealed class AppendTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    [Fact]
    public async Task An_append_answers_201_with_the_stored_turn_and_the_version()
    {
        var id = Calls.NewId();
        var answer = await gateway.PostAsync(
            $"/v1/sessions/{id}/turns",
            """{"id":"t1","role":"user","name":"Ana","content":"héllo 你好","occurred_at":"2024-05-01T12:00:00.1234567+02:00","metadata":{"b": 1,"a":{"z":[1, 2.50],"y":"é"}},"user_id":"ana","agent_id":"bot"}""");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("\"1\"", answer.ETag);
        Assert.Equal("application/json", answer.Response.Content.Headers.ContentType?.ToString());
        Assert.NotNull(answer.Response.Content.Headers.ContentLength);
        var turn = answer.Json;
        Assert.Equal("t1", turn.GetProperty("id").GetString());
        Assert.Equal(id, turn.GetProperty("session_id").GetString());
        Assert.Equal(1, turn.GetProperty("seq").GetInt64());
        Assert.Equal("user", turn.GetProperty("role").GetString());
        Assert.Equal("Ana", turn.GetProperty("name").GetString());
        Assert.Equal("héllo 你好", turn.GetProperty("content").GetString());
        Assert.Equal("2024-05-01T12:00:00.123456+02:00", turn.GetProperty("occurred_at").GetString());
        Assert.EndsWith("Z", turn.GetProperty("recorded_at").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"a":{"y":"é","z":[1,2.50]},"b":1}""", turn.GetProperty("metadata").GetRawText());
        var session = (await gateway.GetAsync($"/v1/sessions/{id}")).Json;
        Assert.Equal("ana", session.GetProperty("user_id").GetString());
        Assert.Equal("bot", session.GetProperty("agent_id").GetString());
    }

    [Fact]
    public async Task A_turn_without_id_and_time_is_given_both()
    {
        var turn = (await gateway.PostAsync($"/v1/sessions/{Calls.NewId()}/turns", Calls.Said("hello"))).Json;
        Assert.NotEmpty(turn.GetProperty("id").GetString()!);
        Assert.Equal(turn.GetProperty("recorded_at").GetString(), turn.GetProperty("occurred_at").GetString());
        Assert.Equal(JsonValueKind.Null, turn.GetProperty("name").ValueKind);
        Assert.False(turn.TryGetProperty("metadata", out _));
    }

    [Fact]
    public async Task Seq_counts_from_1_and_the_version_grows()
    {
        var path = $"/v1/sessions/{Calls.NewId()}/turns";
        for (var seq = 1; seq <= 3; seq++)
        {
            var answer = await gateway.PostAsync(path, Calls.Said("turn " + seq));
            Assert.Equal(seq, answer.Json.GetProperty("seq").GetInt64());
            Assert.Equal($"\"{seq}\"", answer.ETag);
        }
    }

    [Fact]
    public async Task Content_of_the_greatest_length_is_taken()
    {
        var answer = await gateway.PostAsync($"/v1/sessions/{Calls.NewId()}/turns", Calls.Said(new string('界', 100_000)));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(100_000, answer.Json.GetProperty("content").GetString()!.Length);
    }

    [Fact]
    public async Task A_json_content_type_with_charset_or_suffix_is_taken()
    {
        foreach (var type in new[] { "application/json; charset=UTF-8", "application/vnd.turn+json", "APPLICATION/JSON" })
        {
            var answer = await gateway.PostAsync($"/v1/sessions/{Calls.NewId()}/turns", Calls.Said("hello"), "Content-Type: " + type);
            Assert.Equal(HttpStatusCode.Created, answer.Status);
        }
    }

    [Fact]
    public async Task The_same_turn_again_is_a_replay_and_another_under_its_id_a_conflict()
    {
        var path = $"/v1/sessions/{Calls.NewId()}/turns";
        var first = await gateway.PostAsync(path, """{"id":"t1","role":"user","content":"one","metadata":{"a":1,"b":2}}""");
        var again = await gateway.PostAsync(path, """{"id":"t1","role":"user","content":"one","metadata":{"b":2,"a":1}}""");
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(string.Empty, first.Header("Idempotency-Replayed"));
        (await gateway.PostAsync(path, """{"id":"t1","role":"user","content":"two"}""")).IsProblem(409, "turn_id_conflict");
    }

    [Fact]
    public async Task Another_owner_is_a_conflict()
    {
        var path = $"/v1/sessions/{Calls.NewId()}/turns";
        await gateway.PostAsync(path, """{"role":"user","content":"one","user_id":"ana"}""");
        (await gateway.PostAsync(path, """{"role":"user","content":"two","user_id":"ben"}""")).IsProblem(409, "owner_conflict");
    }

    [Fact]
    public async Task A_batch_answers_its_turns_in_order()
    {
        var path = $"/v1/sessions/{Calls.NewId()}/turns/batch";
        var body = JsonSerializer.Serialize(new { user_id = "ana",
            turns = Enumerable.Range(1, 1_000).Select(i => new { id = "t" + i, role = "user", content = "turn " + i }) });
        var answer = await gateway.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.NotNull(answer.ETag);
        var items = answer.Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(1, 1_000).Select(i => "t" + i), items.Select(i => i.GetProperty("id").GetString()));
        Assert.Equal(Enumerable.Range(1, 1_000).Select(i => (long)i), items.Select(i => i.GetProperty("seq").GetInt64()));
    }

    [Fact]
    public async Task A_batch_with_one_conflict_stores_nothing()
    {
        var id = Calls.NewId();
        await gateway.PostAsync($"/v1/sessions/{id}/turns", """{"id":"t1","role":"user","content":"one"}""");
        var answer = await gateway.PostAsync(
            $"/v1/sessions/{id}/turns/batch",
            """{"turns":[{"id":"t2","role":"user","content":"two"},{"id":"t1","role":"user","content":"other"}]}""");
        answer.IsProblem(409, "turn_id_conflict");
        Assert.Equal(1, (await gateway.GetAsync($"/v1/sessions/{id}")).Json.GetProperty("turns").GetInt64());
    }

    [Fact]
    public async Task If_match_guards_an_append()
    {
        var path = $"/v1/sessions/{Calls.NewId()}/turns";
        (await gateway.PostAsync(path, Calls.Said("x"), "If-Match: *")).IsProblem(412, "precondition_failed");
        (await gateway.PostAsync(path, Calls.Said("x"), "If-Match: \"1\"")).IsProblem(412, "precondition_failed");
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync(path, Calls.Said("one"), "If-None-Match: *")).Status);
        (await gateway.PostAsync(path, Calls.Said("x"), "If-None-Match: *")).IsProblem(412, "precondition_failed");
        (await gateway.PostAsync(path, Calls.Said("x"), "If-Match: \"0\"")).IsProblem(412, "precondition_failed");
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync(path, Calls.Said("two"), "If-Match: \"1\"")).Status);
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync(path, Calls.Said("three"), "If-Match: W/\"2\"")).Status);
        Assert.Equal("\"4\"", (await gateway.PostAsync(path, Calls.Said("four"), "If-Match: *")).ETag);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"\"")]
    [InlineData("\"1\", \"2\"")]
    public async Task A_malformed_if_match_is_refused(string value)
    {
        var id = Calls.NewId();
        (await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("x"), "If-Match: " + value)).Blames("If-Match");
        (await gateway.GetAsync($"/v1/sessions/{id}")).IsProblem(404, "not_found");
    }
}
