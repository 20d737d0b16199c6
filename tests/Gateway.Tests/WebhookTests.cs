using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Webhooks over the wire: a real receiver, real deliveries, from real commits.</summary>
public sealed class WebhookTests
{
    private const string Admin = "acme-admin-0123456789";
    private const string Keys =
        "MEMORY_API_KEYS=acme:acme-admin-0123456789:read+write+admin,acme:acme-writer-0123456789:read+write,globex:globex-admin-0123456789:read+write+admin";

    private static readonly string[] Settings =
        [Keys, "MEMORY_WEBHOOK_ALLOW_PRIVATE=true", "MEMORY_WEBHOOK_RETRY_MILLISECONDS=10", "MEMORY_WEBHOOK_RETRY_MAX_SECONDS=1",
            "MEMORY_WEBHOOK_ATTEMPTS_MAX=3"];

    [Fact]
    public async Task What_happens_to_a_memory_is_posted_signed_with_ids_and_without_content()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        var (id, secret) = await MakeAsync(http, receiver.Url, "memory.made", "memory.superseded", "memory.erased");
        var memory = (await WriteAsync(http, "Rye bread.")).GetProperty("id").GetString()!;
        var made = await receiver.NextAsync();
        Assert.True((await http.CallAsync("DELETE", $"/v1/memories/{memory}", null)).Response.IsSuccessStatusCode);
        var erased = await receiver.NextAsync();

        Assert.Equal(["memory.made", "memory.erased"], new[] { made.Type, erased.Type });
        Assert.Equal([$"{id}-1", $"{id}-2"], new[] { made.Id, erased.Id });
        foreach (var each in new[] { made, erased })
        {
            Assert.True(each.IsSignedWith(secret));
            Assert.False((each with { Body = each.Body + " " }).IsSignedWith(secret));
            Assert.False((each with { Timestamp = "1" }).IsSignedWith(secret));
            Assert.DoesNotContain("Rye", each.Body, StringComparison.Ordinal);
            var data = each.Json.GetProperty("data");
            Assert.Equal((memory, "note", "ada"),
                (data.GetProperty("memory_id").GetString(), data.GetProperty("kind").GetString(), data.GetProperty("user_id").GetString()));
            var age = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(each.Timestamp, CultureInfo.InvariantCulture);
            Assert.InRange(age, 0, 120);
        }

        Assert.Equal("acme", made.Json.GetProperty("tenant").GetString());
        Assert.True(made.Json.GetProperty("timestamp").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public async Task Content_comes_with_what_asked_for_it_and_not_once_it_is_erased()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        var made = await http.CallAsync("POST", "/v1/webhooks",
            $$"""{"url":"{{receiver.Url}}","events":["memory.made","memory.erased"],"include_content":true}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var memory = (await WriteAsync(http, "Rye bread.")).GetProperty("id").GetString();
        Assert.Equal("Rye bread.", (await receiver.NextAsync()).Json.GetProperty("data").GetProperty("content").GetString());
        await http.CallAsync("DELETE", $"/v1/memories/{memory}", null);
        Assert.False((await receiver.NextAsync()).Json.GetProperty("data").TryGetProperty("content", out _));
    }

    [Fact]
    public async Task A_receiver_that_fails_is_sent_the_same_again_until_it_takes_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        foreach (var status in new[] { 500, 307 })
            receiver.Statuses.Enqueue(status);
        var (id, secret) = await MakeAsync(http, receiver.Url, "memory.made");
        await WriteAsync(http, "Rye bread.");
        var attempts = await receiver.NextAsync(3);
        Assert.Single(attempts.Select(static each => (each.Id, each.Body)).Distinct());
        Assert.All(attempts, each => Assert.True(each.IsSignedWith(secret)));

        var delivery = await UntilAsync(http, id, "delivered");
        Assert.Equal((3, 204), (delivery.GetProperty("attempts").GetInt32(), delivery.GetProperty("last_status").GetInt32()));
        Assert.True(receiver.IsEmpty);

        // The delivery is written down before its work is ended.
        using var patience = new CancellationTokenSource(WebhookReceiver.Patience);
        while ((await JobsAsync(http)).Length > 0)
            patience.Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task A_delivery_that_always_fails_is_dead_as_a_job_and_may_be_requeued()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        foreach (var status in new[] { 500, 404, 503 })
            receiver.Statuses.Enqueue(status);
        var (id, _) = await MakeAsync(http, receiver.Url, "memory.made", "job.dead");
        await WriteAsync(http, "Rye bread.");
        await receiver.NextAsync(3);
        var dead = await UntilAsync(http, id, "dead");
        Assert.Equal("The receiver answered 503.", dead.GetProperty("last_error").GetString());
        var job = await UntilDeadJobAsync(http);
        Assert.Equal(("webhook", $"{id}-1", 3),
            (job.GetProperty("kind").GetString(), job.GetProperty("subject").GetString(), job.GetProperty("attempts").GetInt32()));
        Assert.True(receiver.IsEmpty);

        Assert.Equal(HttpStatusCode.OK,
            (await http.CallAsync("POST", $"/v1/admin/jobs/{job.GetProperty("id").GetInt64()}/requeue", null)).Status);
        Assert.Equal($"{id}-1", (await receiver.NextAsync()).Id);
        await UntilAsync(http, id, "delivered");
    }

    [Fact]
    public async Task A_dead_job_is_told_of_and_what_it_is_about()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(new PickyEmbedder { Refused = "poison" }, Settings);
        using var http = gateway.NewHttp(Admin);
        await MakeAsync(http, receiver.Url, "job.dead");
        await http.CallAsync("POST", "/v1/sessions/bad/turns", Calls.Said("poison"));
        var data = (await receiver.NextAsync()).Json.GetProperty("data");
        Assert.StartsWith("embed:", data.GetProperty("kind").GetString(), StringComparison.Ordinal);
        Assert.Equal("bad", data.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task A_distilled_session_is_told_of_with_how_far_it_is()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        await MakeAsync(http, receiver.Url, "session.distilled", "memory.made");
        foreach (var text in new[] { "I live in Berlin with my brother.", "My favourite colour is green." })
            await http.CallAsync("POST", "/v1/sessions/talk/turns", Calls.Said(text));
        Assert.Equal(HttpStatusCode.OK, (await http.CallAsync("POST", "/v1/sessions/talk/distill", null)).Status);
        var told = await receiver.NextAsync(2);
        Assert.Contains(told, static each => each.Type == "memory.made");
        Received? distilled = told.FirstOrDefault(static each => each.Type == "session.distilled");
        while (distilled is null)
            distilled = await receiver.NextAsync() is { Type: "session.distilled" } next ? next : null;
        var data = distilled.Json.GetProperty("data");
        Assert.Equal(("talk", 2), (data.GetProperty("session_id").GetString(), data.GetProperty("distilled_seq").GetInt32()));
    }

    [Fact]
    public async Task A_new_secret_signs_beside_the_former_for_the_overlap_and_alone_without_one()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        var (id, first) = await MakeAsync(http, receiver.Url, "memory.made");
        var second = (await http.CallAsync("POST", $"/v1/webhooks/{id}/rotate", "{}")).Json.GetProperty("secret").GetString()!;
        await http.CallAsync("POST", $"/v1/webhooks/{id}/test", null);
        var both = await receiver.NextAsync();
        Assert.Equal("webhook.test", both.Type);
        Assert.True(both.IsSignedWith(first) && both.IsSignedWith(second));

        var third = (await http.CallAsync("POST", $"/v1/webhooks/{id}/rotate", """{"overlap_seconds":0}""")).Json.GetProperty("secret")
            .GetString()!;
        await http.CallAsync("POST", $"/v1/webhooks/{id}/test", null);
        var last = await receiver.NextAsync();
        Assert.True(last.IsSignedWith(third));
        Assert.False(last.IsSignedWith(first) || last.IsSignedWith(second));
    }

    [Fact]
    public async Task A_webhook_is_listed_without_its_secret_changed_switched_off_and_removed_and_the_trail_tells()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        var (id, secret) = await MakeAsync(http, receiver.Url, "memory.made");
        var listed = await http.CallAsync("GET", "/v1/webhooks", null);
        Assert.Equal(id, Assert.Single(listed.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        var one = await http.CallAsync("GET", $"/v1/webhooks/{id}", null);
        foreach (var text in new[] { listed.Text, one.Text })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);

        var changed = await http.CallAsync("PATCH", $"/v1/webhooks/{id}", """{"enabled":false,"name":"bakery"}""");
        Assert.Equal(("bakery", false, 2L),
            (changed.Json.GetProperty("name").GetString(), changed.Json.GetProperty("enabled").GetBoolean(),
            changed.Json.GetProperty("version").GetInt64()));
        await WriteAsync(http, "Told to nobody.");
        await http.CallAsync("PATCH", $"/v1/webhooks/{id}", """{"enabled":true}""");
        await WriteAsync(http, "Told.");
        Assert.Equal($"{id}-2", (await receiver.NextAsync()).Id);

        Assert.Equal(HttpStatusCode.NoContent, (await http.CallAsync("DELETE", $"/v1/webhooks/{id}", null)).Status);
        (await http.CallAsync("GET", $"/v1/webhooks/{id}/deliveries", null)).IsProblem(404, "not_found");
        var trail = (await http.CallAsync("GET", "/v1/admin/audit", null)).Json.GetProperty("items").EnumerateArray()
            .Where(entry => entry.GetProperty("subject").GetString() == $"webhook:{id}")
            .Select(static entry => entry.GetProperty("action").GetString());
        Assert.Superset(new HashSet<string?> { "makeWebhook", "changeWebhook", "removeWebhook" }, trail.ToHashSet());
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://localhost/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:192.168.0.1]/")]
    [InlineData("http://2130706433/")]
    [InlineData("ftp://example.com/")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("/hook")]
    public async Task An_address_that_must_not_be_called_is_refused_by_its_field(string url)
    {
        await using var gateway = await RunningGateway.StartAsync(Keys);
        using var http = gateway.NewHttp(Admin);
        (await http.CallAsync("POST", "/v1/webhooks", $$"""{"url":{{JsonSerializer.Serialize(url)}},"events":["memory.made"]}"""))
            .Blames("url");
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_found_out_when_it_is_called()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(Keys, "MEMORY_WEBHOOK_ATTEMPTS_MAX=1");
        using var http = gateway.NewHttp(Admin);
        // The machine's own name is not refused when the webhook is made, as a name may come to lead elsewhere.
        var url = $"http://{Dns.GetHostName()}:{new Uri(receiver.Url).Port}/hook";
        var (id, _) = await MakeAsync(http, url, "memory.made");
        await http.CallAsync("POST", $"/v1/webhooks/{id}/test", null);
        var dead = await UntilAsync(http, id, "dead");
        Assert.DoesNotContain("answered", dead.GetProperty("last_error").GetString()!, StringComparison.Ordinal);
        Assert.True(receiver.IsEmpty);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_by_its_field_and_there_are_as_many_as_there_may_be()
    {
        await using var gateway = await RunningGateway.StartAsync([.. Settings, "MEMORY_WEBHOOKS_MAX=1"]);
        using var http = gateway.NewHttp(Admin);
        foreach (var (body, field) in new[]
        {
            ("""{"url":"https://example.com/","events":[]}""", "events"),
                ("""{"url":"https://example.com/","events":["turn.made"]}""", "events"),
            ("""{"url":"https://example.com/","events":["webhook.test"]}""", "events"), ("""{"events":["memory.made"]}""", "url"),
            ("""{"url":"https://example.com/","events":["memory.made"],"name":"a\nb"}""", "name"),
        })
            (await http.CallAsync("POST", "/v1/webhooks", body)).Blames(field);

        await MakeAsync(http, "https://example.com/", "memory.made");
        (await http.CallAsync("POST", "/v1/webhooks", """{"url":"https://example.com/","events":["memory.made"]}"""))
            .IsProblem(409, "conflict");
    }

    private static async Task<(string Id, string Secret)> MakeAsync(HttpClient http, string url, params string[] events)
    {
        var made = await http.CallAsync("POST", "/v1/webhooks", JsonSerializer.Serialize(new { url, events }));
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        return (made.Json.GetProperty("details").GetProperty("id").GetString()!, made.Json.GetProperty("secret").GetString()!);
    }

    private static async Task<JsonElement> WriteAsync(HttpClient http, string content)
    {
        var written = await http.CallAsync("POST", "/v1/memories",
            JsonSerializer.Serialize(new { kind = "note", content, user_id = "ada" }));
        Assert.True(written.Status == HttpStatusCode.Created, written.Text);
        return written.Json;
    }

    private static async Task<JsonElement[]> JobsAsync(HttpClient http) =>
        [.. (await http.CallAsync("GET", "/v1/admin/jobs?kind=webhook", null)).Json.GetProperty("items").EnumerateArray()];

    private static Task<JsonElement> UntilDeadJobAsync(HttpClient http) =>
        UntilAsync(async () => (await JobsAsync(http)).Where(static job => job.GetProperty("state").GetString() == "dead").ToArray());

    private static Task<JsonElement> UntilAsync(HttpClient http, string id, string state) => UntilAsync(async () =>
        (await http.CallAsync("GET", $"/v1/webhooks/{id}/deliveries", null)).Json.GetProperty("items").EnumerateArray()
            .Where(delivery => delivery.GetProperty("state").GetString() == state).ToArray());

    private static async Task<JsonElement> UntilAsync(Func<Task<JsonElement[]>> find)
    {
        using var patience = new CancellationTokenSource(WebhookReceiver.Patience);
        while (true)
        {
            if (await find() is [var found, ..])
                return found;
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
