using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>
/// Words that stand for what a person wants gone, written by every route; after an erasure they are looked for in everything
/// the service keeps or answers. A gateway of its own for each test, since its whole store is searched.
/// </summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private const string Canary = "zqcanary";
    private const string Path = "/v1/admin/erasures";

    private readonly RecordedLogs logs = new();
    private RunningGateway gateway = null!;
    private string sharedId = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(null, logs, "MEMORY_LOG_LEVEL=debug");

    public async ValueTask DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task Nothing_said_in_an_erased_session_is_anywhere()
    {
        var ids = await FillAsync();
        var first = await EraseAsync(new { session_id = "ann-1" });
        var second = await EraseAsync(new { session_id = "ann-2" });

        Assert.Equal((3, 2), (Count(first, "turns"), Count(second, "turns")));
        // Redacted: what bob's words bear out, and the colour, which the other session tells too.
        Assert.Equal((1, 1, 2), (Count(first, "idempotency_records"), Count(first, "observations"), Count(first, "redacted")));
        Assert.True(Count(first, "memories") >= 3, first.Text);
        await CheckGoneAsync(ids);
    }

    [Fact]
    public async Task Nothing_an_erased_user_said_is_anywhere()
    {
        var ids = await FillAsync();
        ids.AddRange(await FillOwnAsync());
        var receipt = await EraseAsync(new { user_id = "ann" });

        Assert.Equal((5, 1, 1, 2),
            (Count(receipt, "turns"), Count(receipt, "entities"), Count(receipt, "relations"), Count(receipt, "observations")));
        await CheckGoneAsync(ids);
        (await gateway.PostAsync(Path, """{"user_id":"ann"}""")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task A_deleted_session_is_an_erased_one()
    {
        var ids = await FillAsync();
        foreach (var session in new[] { "ann-1", "ann-2" })
            Assert.Equal(HttpStatusCode.NoContent, (await gateway.Http.CallAsync("DELETE", $"/v1/sessions/{session}", null)).Status);

        await CheckGoneAsync(ids);
        Assert.Equal(2, (await gateway.GetAsync(Path)).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_receipt_proves_what_was_erased_and_says_who_asked_without_a_word_of_it()
    {
        var id = IdOf(await WriteAsync(new { kind = "note", content = $"{Canary} first", user_id = "ann", metadata = new { x = Canary } }));
        await gateway.Http.CallAsync("PATCH", $"/v1/memories/{id}", Json(new { content = $"{Canary} second" }));
        var made = await EraseAsync(new { memory_id = id });

        var lines = new[] { $"memory\t{id}", Version(1, "first"), Version(2, "second") }.Order(StringComparer.Ordinal);
        Assert.Equal(Sha256(string.Concat(lines.Select(static line => line + "\n"))), made.Json.GetProperty("digest").GetString());
        Assert.Equal((1, 2), (Count(made, "memories"), Count(made, "versions")));
        Assert.Equal(("local", id), (made.Json.GetProperty("requester").GetString(), made.Json.GetProperty("memory_id").GetString()));
        Assert.Equal(made.Text, (await gateway.GetAsync($"{Path}/{IdOf(made)}")).Text);
        var audit = (await gateway.GetAsync("/v1/admin/audit")).Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["erasure.completed", "erasure.requested"], audit.Select(static entry => entry.GetProperty("action").GetString()));
        Assert.All(audit, entry =>
            Assert.Equal(("local", $"memory:{id}"), (entry.GetProperty("caller").GetString(), entry.GetProperty("subject").GetString())));
        await CheckGoneAsync([$"/v1/memories/{id}"], isShared: false);

        string Version(int number, string word) => $"version\t{id}\t{number}\t{Sha256($"{Canary} {word}")}";
    }

    [Fact]
    public async Task Pages_of_receipts_and_of_the_audit_trail_follow_one_another()
    {
        for (var i = 0; i < 3; i++)
            await EraseAsync(new { memory_id = IdOf(await WriteAsync(new { kind = "note", content = "x" })) });
        foreach (var (path, all) in new[] { (Path, 3), ("/v1/admin/audit", 6) })
        {
            var whole = (await gateway.GetAsync(path)).Json.GetProperty("items").EnumerateArray().Select(static item => item.GetRawText())
                .ToArray();
            var first = (await gateway.GetAsync($"{path}?limit=2")).Json;
            var rest = (await gateway.GetAsync($"{path}?limit=10&cursor={first.GetProperty("next_cursor").GetString()}")).Json;
            Assert.Equal(all, whole.Length);
            Assert.Equal(whole, first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray())
                .Select(static item => item.GetRawText()));
            (await gateway.GetAsync($"{path}?cursor=x")).Blames("cursor");
        }
    }

    [Theory]
    [InlineData("{}", "user_id")]
    [InlineData("""{"user_id":"a","session_id":"b"}""", "user_id")]
    [InlineData("""{"session_id":"not an id"}""", "session_id")]
    [InlineData("""{"turn":{"session_id":"s"}}""", "turn.turn_id")]
    [InlineData("""{"turn":{"turn_id":"t"}}""", "turn.session_id")]
    [InlineData("""{"turn":{"session_id":"s","turn_id":"t"},"session_id":"s"}""", "turn.session_id")]
    public async Task What_is_not_one_id_is_refused_by_field(string body, string field)
    {
        (await gateway.PostAsync(Path, body)).Blames(field);
        Assert.Empty((await gateway.GetAsync(Path)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_is_absent_is_not_found_and_leaves_no_receipt()
    {
        foreach (var body in new[] { """{"user_id":"nobody"}""", """{"session_id":"nobody"}""", """{"memory_id":"nobody"}""" })
            (await gateway.PostAsync(Path, body)).IsProblem(404, "not_found");
        (await gateway.GetAsync(Path + "/nobody")).IsProblem(404, "not_found");
        Assert.Empty((await gateway.GetAsync(Path)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Nothing_said_in_an_erased_turn_is_anywhere_and_its_session_goes_on()
    {
        await SayAsync("ann-1", new { id = "t1", role = "user", content = "I adopted a cat called Miso.", user_id = "ann" });
        var secret = new { id = "t2", role = "user", name = Canary, content = $"I live in {Canary}ville. I am allergic to {Canary}nuts.",
            metadata = new { x = Canary } };
        await SayAsync("ann-1", secret, "Idempotency-Key: once");
        await SayAsync("ann-1", new { id = "t3", role = "user", content = "I work as a baker in Graz." });
        await gateway.PostAsync("/v1/sessions/ann-1/distill", null);
        object[] cites = [new { session_id = "ann-1", turn_id = "t2" }];
        var note = IdOf(await WriteAsync(new { kind = "note", content = $"{Canary} noted", user_id = "ann", sources = cites }));
        await AskAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Http.CallAsync("DELETE", "/v1/sessions/ann-1/turns/ann-1:2", null)).Status);

        await CheckGoneAsync([$"/v1/memories/{note}"], isShared: false);
        foreach (var path in new[] { "/v1/sessions/ann-1/turns", "/v1/sessions/ann-1/working-memory",
            $"/v1/sessions/ann-1/context?query=What+about+{Canary}%3F" })
        {
            var text = (await gateway.GetAsync(path)).Text.Replace($"What about {Canary}?", string.Empty, StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("Miso", text, StringComparison.Ordinal);
        }

        var turns = (await gateway.GetAsync("/v1/sessions/ann-1/turns")).Json.GetProperty("items").EnumerateArray();
        Assert.Equal([1, 2, 3], turns.Select(static turn => turn.GetProperty("seq").GetInt32()));
        var receipt = (await gateway.GetAsync(Path)).Json.GetProperty("items")[0];
        Assert.Equal(("ann-1", "t2"),
            (receipt.GetProperty("turn").GetProperty("session_id").GetString(),
            receipt.GetProperty("turn").GetProperty("turn_id").GetString()));
        (await gateway.Http.CallAsync("DELETE", "/v1/sessions/ann-1/turns/t2", null)).IsProblem(404, "not_found");
        (await gateway.PostAsync("/v1/sessions/ann-1/turns", Json(secret))).IsProblem(409, "turn_id_conflict");
        await SayAsync("ann-1", new { id = "t4", role = "user", content = "Good night." });
        Assert.Equal(1, Count(await EraseAsync(new { turn = new { session_id = "ann-1", turn_id = "t4" } }), "turns"));
        Assert.Equal(1, Count(await EraseAsync(new { memory_id = "ann-1:3" }), "turns"));
    }

    [Fact]
    public async Task A_session_erased_is_begun_anew_by_the_next_append()
    {
        await FillAsync();
        await EraseAsync(new { session_id = "ann-1" });
        var anew = await gateway.PostAsync("/v1/sessions/ann-1/turns",
            Json(new { role = "user", content = "begins again", user_id = "bob" }));
        Assert.Equal((HttpStatusCode.Created, 1), (anew.Status, anew.Json.GetProperty("seq").GetInt32()));
    }

    /// <summary>Two sessions of ann's and one of bob's, and what is made of them; the paths of what must be gone.</summary>
    private async Task<List<string>> FillAsync()
    {
        await SayAsync("ann-1", new { id = "t1", role = "user", name = Canary + "name",
            content = $"I live in Z{Canary[1..]}ville with my brother. I adopted a cat called Miso.", user_id = "ann",
            metadata = new { x = Canary } }, "Idempotency-Key: once");
        await SayAsync("ann-1", new { id = "t2", role = "user", content = $"My favourite colour is {Canary}blue." });
        await SayAsync("ann-1", new { id = "t3", role = "user", content = $"I am allergic to {Canary}nuts. What about {Canary}?" });
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync("/v1/sessions/ann-2/turns/batch", Json(new
        {
            user_id = "ann",
            turns = new object[] { new { role = "user", content = $"My favourite colour is {Canary}blue." },
            new { role = "user", content = $"I work at the {Canary} works." } },
        }))).Status);
        await SayAsync("bob-1", new { id = "b1", role = "user", content = "Bob adopted a cat called Miso.", user_id = "bob" });
        foreach (var session in new[] { "ann-1", "ann-2", "bob-1" })
            Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync($"/v1/sessions/{session}/distill", null)).Status);
        var ids = (await gateway.GetAsync("/v1/memories?user_id=ann&limit=100")).Json.GetProperty("items").EnumerateArray()
            .Select(static memory => "/v1/memories/" + memory.GetProperty("id").GetString()).ToList();
        Assert.True(ids.Count >= 2);
        ids.AddRange(["/v1/sessions/ann-1", "/v1/sessions/ann-1/turns", "/v1/sessions/ann-2", "/v1/sessions/ann-1/context",
            "/v1/sessions/ann-1/working-memory"]);
        ids.AddRange(await FillCitingAsync());
        await AskAsync();
        Assert.Contains(Canary, await gateway.Store.ReadAllAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(Canary, (await gateway.GetAsync("/v1/admin/export")).Text, StringComparison.OrdinalIgnoreCase);
        return ids;
    }

    /// <summary>
    /// What cites ann's turns elsewhere: bob's memories, one edited since, one that bob's own words bear out; an observation.
    /// </summary>
    private async Task<string[]> FillCitingAsync()
    {
        object[] cites = [new { session_id = "ann-1", turn_id = "t1" }, new { session_id = "bob-1", turn_id = "b1" }];
        var derived = IdOf(await WriteAsync(new { kind = "reflection", content = $"Ann of {Canary}ville", user_id = "bob",
            sources = cites }));
        await gateway.Http.CallAsync("PATCH", $"/v1/memories/{derived}",
            Json(new { content = "Ann and Bob", metadata = new { y = Canary } }));
        var ofSession = IdOf(await WriteAsync(
            new { kind = "note", content = $"{Canary} heard here", user_id = "bob", session_id = "ann-1" }));
        sharedId = IdOf(await WriteAsync(new { kind = "note", content = $"{Canary} thought so first", user_id = "bob", sources = cites }));
        await gateway.Http.CallAsync("PATCH", $"/v1/memories/{sharedId}", Json(new { content = "Bob adopted a cat called Miso." }));
        await gateway.PostAsync($"/v1/memories/{derived}/citations", null);
        var entity = IdOf(await gateway.PostAsync("/v1/entities", Json(new { name = "Miso", type = "cat" })));
        var said = await gateway.PostAsync("/v1/observations",
            Json(new { entity_id = entity, content = $"lives in {Canary}ville", sources = new[] { cites[0] } }));
        Assert.Equal(HttpStatusCode.Created, said.Status);
        return [$"/v1/memories/{derived}", $"/v1/memories/{derived}/history", $"/v1/memories/{ofSession}"];
    }

    /// <summary>What is ann's without a session.</summary>
    private async Task<string[]> FillOwnAsync()
    {
        var memory = IdOf(await WriteAsync(new { kind = "preference", content = $"{Canary} tea", user_id = "ann" }));
        var own = IdOf(await gateway.PostAsync("/v1/entities",
            Json(new { name = $"{Canary} house", type = "place", user_id = "ann", metadata = new { x = Canary } })));
        await gateway.PostAsync("/v1/observations", Json(new { entity_id = own, content = $"{Canary} has a garden" }));
        var other = IdOf(await gateway.PostAsync("/v1/entities", Json(new { name = "Town", type = "place" })));
        await gateway.PostAsync("/v1/relations",
            Json(new { from_id = own, to_id = other, type = "stands_in", metadata = new { x = Canary } }));
        return [$"/v1/memories/{memory}", $"/v1/entities/{own}"];
    }

    // Whatever is kept of questions is kept of these.
    private async Task AskAsync()
    {
        Assert.NotEmpty((await RecallAsync()).GetProperty("items").EnumerateArray());
        Assert.Contains(Canary, (await gateway.GetAsync($"/v1/sessions/ann-1/context?query=What+about+{Canary}%3F")).Text,
            StringComparison.OrdinalIgnoreCase);
        await gateway.PostAsync("/v1/entities/search", Json(new { query = $"{Canary}ville" }));
    }

    private async Task<JsonElement> RecallAsync() =>
        (await gateway.PostAsync("/v1/recall",
        Json(new { query = $"{Canary} {Canary}ville {Canary}blue {Canary}nuts", limit = 100, explain = true }))).Json;

    private async Task CheckGoneAsync(IReadOnlyList<string> gone, bool isShared = true)
    {
        Assert.DoesNotContain(Canary, await gateway.Store.ReadAllAsync(), StringComparison.OrdinalIgnoreCase);
        foreach (var path in gone)
            (await gateway.GetAsync(path)).IsProblem(404, "not_found");
        Assert.DoesNotContain((await RecallAsync()).GetProperty("items").EnumerateArray(),
            static item => item.GetRawText().Contains(Canary, StringComparison.OrdinalIgnoreCase));
        var answers = new[] { "/v1/memories?limit=100", "/v1/sessions", "/v1/entities", "/v1/graph/overview", "/metrics", Path,
            "/v1/admin/audit", "/v1/admin/jobs", "/v1/admin/health", "/v1/admin/export" };
        foreach (var path in answers)
            Assert.DoesNotContain(Canary, (await gateway.GetAsync(path)).Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(logs.Lines, static line => line.Contains(Canary, StringComparison.OrdinalIgnoreCase));
        if (!isShared)
            return;
        var shared = await gateway.GetAsync($"/v1/memories/{sharedId}/history");
        Assert.Contains("Bob adopted a cat called Miso.", shared.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ann-1", shared.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions/bob-1")).Status);
    }

    private async Task SayAsync(string session, object turn, params string[] headers) =>
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync($"/v1/sessions/{session}/turns", Json(turn), headers)).Status);

    private async Task<Answer> WriteAsync(object memory)
    {
        var written = await gateway.PostAsync("/v1/memories", Json(memory));
        Assert.True(written.Status == HttpStatusCode.Created, written.Text);
        return written;
    }

    private async Task<Answer> EraseAsync(object target)
    {
        var erased = await gateway.PostAsync(Path, Json(target));
        Assert.True(erased.Status == HttpStatusCode.Created, erased.Text);
        Assert.Equal("done", erased.Json.GetProperty("state").GetString());
        return erased;
    }

    private static int Count(Answer receipt, string name) => receipt.Json.GetProperty("counts").GetProperty(name).GetInt32();

    private static string IdOf(Answer answer) => answer.Json.GetProperty("id").GetString()!;

    private static string Json(object body) => JsonSerializer.Serialize(body);

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
