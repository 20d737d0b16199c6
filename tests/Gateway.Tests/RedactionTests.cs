using System.Net;
using System.Text;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Tests.Mcp;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>What a tenant does not want stored is in no answer, no index and no byte of the store, whichever way it comes in.</summary>
public sealed class RedactionTests
{
    private const string Card = "4111 1111 1111 1111";
    private const string Mail = "ada.lovelace@example.org";
    private const string Password = "correct-horse-42";
    private const string All = """{"redact":["secrets","emails","ibans","cards","addresses","phones"]}""";

    private static readonly string[] Secrets = [Card, "4111111111111111", Mail, "ada.lovelace", Password];

    [Fact]
    public async Task Nothing_is_redacted_until_it_is_asked_for_and_nothing_again_when_it_is_taken_away()
    {
        await using var gateway = await RunningGateway.StartAsync();
        Assert.Equal($"Pay with {Card}", await SayAsync(gateway, "s", $"Pay with {Card}"));
        await EditAsync(gateway, """{"redact":["cards"]}""");
        Assert.Equal("Pay with [card]", await SayAsync(gateway, "s", $"Pay with {Card}"));
        Assert.Equal($"Write to {Mail}", await SayAsync(gateway, "s", $"Write to {Mail}"));
        await EditAsync(gateway, """{"redact":null}""");
        Assert.Equal($"Pay with {Card}", await SayAsync(gateway, "s", $"Pay with {Card}"));
    }

    [Fact]
    public async Task An_append_says_how_many_spans_of_each_kind_were_taken_out()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await EditAsync(gateway, All);
        var one = await gateway.PostAsync("/v1/sessions/s/turns",
            $$"""{"role":"user","name":"{{Mail}}","content":"{{Card}} and {{Card}}","metadata":{"m":"{{Mail}}"} }""");
        Assert.Equal(HttpStatusCode.Created, one.Status);
        Assert.Equal("""{"email":2,"card":2}""", one.Json.GetProperty("redacted").GetRawText());
        Assert.Equal(("[email]", "[card] and [card]"),
            (one.Json.GetProperty("name").GetString(), one.Json.GetProperty("content").GetString()));
        var batch = await gateway.PostAsync(
            "/v1/sessions/s/turns/batch",
            $$"""{"turns":[{"role":"user","content":"password: {{Password}}"},{"role":"user","content":"{{Mail}}"}]}""");
        Assert.Equal("""{"secret":1,"email":1}""", batch.Json.GetProperty("redacted").GetRawText());
        Assert.False((await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("plain"))).Json.TryGetProperty("redacted", out _));
        Assert.False((await gateway.GetAsync("/v1/sessions/s/turns")).Json.GetProperty("items")[0].TryGetProperty("redacted", out _));
    }

    [Fact]
    public async Task No_byte_of_the_store_holds_what_was_taken_out_whichever_way_it_came()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await EditAsync(gateway, All);
        await SayAsync(gateway, "s", $"My card is {Card}, my password is {Password}", "Idempotency-Key: k1");
        await gateway.PostAsync("/v1/messages", $$"""{"conversation_id":"old","role":"user","content":"Write to {{Mail}}"}""");
        var memory = await gateway.PostAsync("/v1/memories",
            $$"""{"kind":"preference","content":"Reach me at {{Mail}}","aliases":["{{Mail}}"],"metadata":{"card":"{{Card}}"} }""");
        var id = memory.Json.GetProperty("id").GetString();
        Assert.Equal("Reach me at [email]", memory.Json.GetProperty("content").GetString());
        var edited = await gateway.Http.CallAsync("PATCH", $"/v1/memories/{id}", $$"""{"content":"Pay with {{Card}}"}""");
        Assert.Equal("Pay with [card]", edited.Json.GetProperty("content").GetString());
        var entity = await gateway.PostAsync("/v1/entities",
            $$"""{"name":"{{Mail}}","aliases":["{{Card}}"],"metadata":{"m":"{{Mail}}"} }""");
        Assert.Equal("[email]", entity.Json.GetProperty("name").GetString());
        var observed = await gateway.PostAsync("/v1/observations",
            $$"""{"entity_id":"{{entity.Json.GetProperty("id").GetString()}}","content":"password: {{Password}}"}""");
        Assert.Equal(HttpStatusCode.Created, observed.Status);
        await using (var tools = await McpConnection.ConnectAsync(gateway, null))
            await tools.AskAsync("remember", new { content = $"The tool was told {Card}." });
        await gateway.PostAsync("/v1/sessions/s/distil", "{}");

        var kept = await gateway.Store.ReadAllAsync();
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, kept, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("[card]", kept, StringComparison.Ordinal);
        var asked = await gateway.PostAsync("/v1/recall", $$"""{"query":"{{Card}}"}""");
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, asked.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_import_is_redacted_by_the_settings_of_the_tenant_it_comes_into_and_may_be_done_again()
    {
        const string Keys = "MEMORY_API_KEYS=acme:acme-key-0123456789:read+write+admin,globex:globex-key-0123456789:read+write+admin,ops:operator-0123456789:operator";
        await using var gateway = await RunningGateway.StartAsync(Keys);
        using var acmeHttp = gateway.NewHttp("acme-key-0123456789");
        using var globexHttp = gateway.NewHttp("globex-key-0123456789");
        using var operators = gateway.NewHttp("operator-0123456789");
        var (acme, globex) = (new MemoryClient(acmeHttp), new MemoryClient(globexHttp));
        await acme.AppendAsync("s", new AppendTurnRequest { Role = "user", Content = $"Pay with {Card}" });
        await acme.WriteMemoryAsync(new WriteMemoryRequest { Kind = "note", Content = $"Write to {Mail}", Aliases = [Mail] });
        foreach (var name in new[] { Mail, "bob@example.org" })
        {
            var made = await acmeHttp.CallAsync("POST", "/v1/entities", $$"""{"name":"{{name}}"}""");
            await acmeHttp.CallAsync("POST", "/v1/observations",
                $$"""{"entity_id":"{{made.Json.GetProperty("id").GetString()}}","content":"password: {{Password}}"}""");
        }

        var export = await ReadAsync(await acme.ExportAsync());
        Assert.Contains(Card, Encoding.UTF8.GetString(export), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await operators.CallAsync("PATCH", "/v1/admin/tenants/globex", All)).Status);

        var report = await globex.ImportAsync(new MemoryStream(export));
        Assert.Equal(report.Records, report.Added);
        Assert.Equal(0, (await globex.ImportAsync(new MemoryStream(export))).Added.Turn);
        var moved = Encoding.UTF8.GetString(await ReadAsync(await globex.ExportAsync()));
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, moved, StringComparison.Ordinal));
        Assert.Contains("Pay with [card]", moved, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_with_another_secret_is_a_replay_since_nobody_keeps_what_could_tell_them_apart()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await EditAsync(gateway, """{"redact":["cards"]}""");
        var first = await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said($"Pay with {Card}"), "Idempotency-Key: k1");
        var again = await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("Pay with 5500 0000 0000 0004"), "Idempotency-Key: k1");
        Assert.Equal(first.Json.GetProperty("id").GetString(), again.Json.GetProperty("id").GetString());
        Assert.Equal("""{"card":1}""", again.Json.GetProperty("redacted").GetRawText());
        (await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said($"Do not pay with {Card}"), "Idempotency-Key: k1"))
            .IsProblem(422, "idempotency_key_reused");
        var named = $$"""{"id":"t1","role":"user","content":"{{Card}}"}""";
        await gateway.PostAsync("/v1/sessions/s/turns", named);
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync("/v1/sessions/s/turns", named)).Status);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await EditAsync(gateway, """{"recalls_per_minute_max":90000,"redact":["phones","cards"]}""");
        var edited = await EditAsync(gateway, """{"turns_per_minute_max":60000}""");
        Assert.Equal(90_000, edited.Json.GetProperty("recalls_per_minute_max").GetInt32());
        Assert.Equal("""["cards","phones"]""", edited.Json.GetProperty("redact").GetRawText());
        Assert.Equal("[]", (await EditAsync(gateway, """{"redact":[]}""")).Json.GetProperty("redact").GetRawText());
        Assert.Equal(System.Text.Json.JsonValueKind.Null,
            (await EditAsync(gateway, """{"redact":null,"recalls_per_minute_max":null}""")).Json.GetProperty("redact").ValueKind);
    }

    [Theory]
    [InlineData("""{"redact":["card"]}""", "redact")]
    [InlineData("""{"redact":["cards","cards"]}""", "redact")]
    [InlineData("""{"redact":"cards"}""", "redact")]
    [InlineData("""{"redact":["all"]}""", "redact")]
    [InlineData("""{"redact":[null]}""", "redact")]
    [InlineData("""{"turns_per_minute_max":0}""", "turns_per_minute_max")]
    [InlineData("""{"turns_per_minute_max":1.5}""", "turns_per_minute_max")]
    [InlineData("""{"turns_per_minute_max":"many"}""", "turns_per_minute_max")]
    public async Task A_wrong_setting_names_its_field(string body, string field)
    {
        await using var gateway = await RunningGateway.StartAsync();
        var refused = await gateway.Http.CallAsync("PATCH", "/v1/admin/tenants/default", body);
        refused.IsProblem(400, "invalid_input");
        Assert.Contains($"\"{field}\"", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_labels_make_longer_than_texts_may_be_is_refused()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await EditAsync(gateway, All);
        var content = string.Concat(Enumerable.Repeat("pwd=1 ", 16_666));
        var refused = await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said(content));
        refused.IsProblem(400, "invalid_input");
        Assert.Contains("content", refused.Text, StringComparison.Ordinal);
    }

    private static async Task<Answer> EditAsync(RunningGateway gateway, string body)
    {
        var edited = await gateway.Http.CallAsync("PATCH", "/v1/admin/tenants/default", body);
        Assert.Equal(HttpStatusCode.OK, edited.Status);
        return edited;
    }

    private static async Task<string?> SayAsync(RunningGateway gateway, string session, string content, params string[] headers)
    {
        var said = await gateway.PostAsync($"/v1/sessions/{session}/turns", Calls.Said(content), headers);
        Assert.Equal(HttpStatusCode.Created, said.Status);
        return said.Json.GetProperty("content").GetString();
    }

    private static async Task<byte[]> ReadAsync(Stream export)
    {
        await using var from = export;
        using var copy = new MemoryStream();
        await from.CopyToAsync(copy);
        return copy.ToArray();
    }
}
