using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MemoryOrleans.Client;
using MemoryOrleans.Events;
using MemoryOrleans.Memories;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Events as a stream over the wire, read by the framework's own parser.</summary>
public sealed class EventStreamTests
{
    private const string Admin = "acme-admin-0123456789";
    private const string Reader = "acme-reader-0123456789";
    private const string Keys =
        "MEMORY_API_KEYS=acme:acme-admin-0123456789:read+write+admin,acme:acme-reader-0123456789:read,globex:globex-admin-0123456789:read+write+admin";

    private static readonly string[] Settings = [Keys, "MEMORY_EVENT_POLL_MILLISECONDS=10", "MEMORY_EVENT_HEARTBEAT_SECONDS=1"];

    [Fact]
    public async Task A_stream_tells_what_happens_from_now_on_and_on_from_its_last_id_after_a_break()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        await WriteAsync(http, "before", "ada");
        string last;
        await using (var stream = await OpenAsync(gateway, Reader))
        {
            var memory = await WriteAsync(http, "first", "ada");
            var told = await stream.NextAsync();
            Assert.Equal(("memory.made", "2"), (told.EventType, told.EventId));
            var json = JsonElement.Parse(told.Data);
            Assert.Equal(("memory.made", "acme", 2),
                (json.GetProperty("type").GetString(), json.GetProperty("tenant").GetString(), json.GetProperty("seq").GetInt32()));
            Assert.Equal(memory, json.GetProperty("data").GetProperty("memory_id").GetString());
            Assert.DoesNotContain("first", told.Data, StringComparison.Ordinal);
            last = told.EventId!;
        }

        await WriteAsync(http, "while nobody listened", "ada");
        await using var again = await OpenAsync(gateway, Reader, last: last);
        Assert.Equal("3", (await again.NextAsync()).EventId);
        await WriteAsync(http, "after", "ada");
        Assert.Equal("4", (await again.NextAsync()).EventId);
        await using var all = await OpenAsync(gateway, Reader, last: "0");
        Assert.Equal(["1", "2", "3", "4"], (await all.NextAsync(4)).Select(static each => each.EventId));
    }

    [Fact]
    public async Task The_dotnet_client_reads_events_as_they_come()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        var client = new MemoryClient(http);
        List<string> made = [await WriteAsync(http, "first", "ada"), await WriteAsync(http, "second", "ada")];
        var seen = new List<string>();
        await foreach (var told in client.StreamEventsAsync(after: 0, types: ["memory.made"], userId: "ada"))
        {
            seen.Add(told.Data.GetProperty("memory_id").GetString()!);
            if (seen.Count == 2)
                made.Add(await WriteAsync(http, "third", "ada"));
            if (seen.Count == 3)
                break;
        }

        Assert.Equal(made, seen);
        var store = gateway.Services.GetRequiredService<IEventStore>();
        await store.RemoveEventsAsync(TimeProvider.System.GetUtcNow().AddDays(1), default);
        await foreach (var missed in client.StreamEventsAsync(after: 1))
        {
            Assert.Equal(("events.missed", 3), (missed.Type, missed.Seq));
            break;
        }
    }

    [Fact]
    public async Task A_stream_is_of_one_tenant_and_as_narrow_as_it_asks_to_be()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        using var globex = gateway.NewHttp("globex-admin-0123456789");
        await using var stream = await OpenAsync(gateway, Reader, "?user_id=bob&types=memory.made");
        await WriteAsync(globex, "another tenant's", "bob");
        var memory = await WriteAsync(http, "another user's", "ada");
        await http.CallAsync("DELETE", $"/v1/memories/{memory}", null);
        await WriteAsync(http, "bob's", "bob");
        Assert.Equal("3", (await stream.NextAsync()).EventId);
    }

    [Fact]
    public async Task Dead_jobs_are_for_administrators()
    {
        await using var gateway = await RunningGateway.StartAsync(new PickyEmbedder { Refused = "poison" }, Settings);
        using var http = gateway.NewHttp(Admin);
        (await gateway.GetAsync("/v1/events?types=job.dead", "X-Api-Key: " + Reader)).Blames("types");
        await using var admin = await OpenAsync(gateway, Admin, "?types=job.dead,memory.made");
        await using var reader = await OpenAsync(gateway, Reader);
        await http.CallAsync("POST", "/v1/sessions/bad/turns", Calls.Said("poison"));
        Assert.Equal("job.dead", (await admin.NextAsync()).EventType);
        await WriteAsync(http, "seen by both", "ada");
        Assert.Equal("memory.made", (await reader.NextAsync()).EventType);
        Assert.Equal("memory.made", (await admin.NextAsync()).EventType);
    }

    [Fact]
    public async Task A_key_restricted_to_users_sees_theirs_and_must_say_so()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        var key = (await http.CallAsync("POST", "/v1/admin/keys", """{"name":"bob's","users":["bob"]}""")).Json.GetProperty("key")
            .GetString()!;
        (await gateway.GetAsync("/v1/events", "X-Api-Key: " + key)).IsProblem(403, "restricted_key");
        (await gateway.GetAsync("/v1/events?user_id=ada", "X-Api-Key: " + key)).IsProblem(403, "restricted_key");
        await using var stream = await OpenAsync(gateway, key, "?user_id=bob");
        await WriteAsync(http, "ada's", "ada");
        await WriteAsync(http, "bob's", "bob");
        Assert.Equal("2", (await stream.NextAsync()).EventId);
    }

    [Fact]
    public async Task A_stream_with_nothing_to_tell_says_so_and_one_that_comes_too_late_is_told_what_it_missed()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        var store = gateway.Services.GetRequiredService<IEventStore>();
        await WriteAsync(http, "first", "ada");
        await WriteAsync(http, "second", "ada");
        Assert.Equal(2, await store.RemoveEventsAsync(TimeProvider.System.GetUtcNow().AddDays(1), default));
        using var answer = await AskAsync(gateway, Reader, string.Empty, "1");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var seen = new List<string>();
        while (!seen.Contains(": nothing new"))
            seen.Add((await lines.ReadLineAsync().WaitAsync(WebhookReceiver.Patience))!);
        Assert.Contains("""data: {"type":"events.missed","first":3}""", seen);
        await WriteAsync(http, "third", "ada");
        while (!seen.Contains("id: 3"))
            seen.Add((await lines.ReadLineAsync().WaitAsync(WebhookReceiver.Patience))!);
    }

    [Fact]
    public async Task There_are_as_many_streams_as_may_be_and_a_closed_one_makes_room()
    {
        await using var gateway = await RunningGateway.StartAsync([.. Settings, "MEMORY_EVENT_STREAMS_MAX=1"]);
        await using (await OpenAsync(gateway, Reader))
        {
            (await gateway.GetAsync("/v1/events", "X-Api-Key: " + Reader)).IsProblem(503, "overloaded");
            await using var other = await OpenAsync(gateway, "globex-admin-0123456789");
        }

        using var patience = new CancellationTokenSource(WebhookReceiver.Patience);
        while (true)
        {
            using var answer = await AskAsync(gateway, Reader, string.Empty, null);
            if (answer.StatusCode == HttpStatusCode.OK)
                break;
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_cut_off_and_its_place_is_free()
    {
        await using var gateway = await RunningGateway.StartAsync(
            [.. Settings, "MEMORY_EVENT_STREAMS_MAX=1", "MEMORY_EVENT_WRITE_SECONDS=1"]);
        var memories = gateway.Services.GetRequiredService<IMemoryStore>();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1_024 };
        await socket.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/events HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {Admin}\r\nLast-Event-ID: 0\r\n\r\n"));

        // More than all buffers between hold, so that a write has to wait.
        using var patience = new CancellationTokenSource(WebhookReceiver.Patience);
        for (var round = 0; ; round++)
        {
            await memories.CommitMemoriesAsync(
                new MemoryCommit("acme", [.. Enumerable.Range(0, 1_000).Select(i => LongNamed($"{round}-{i}"))]), default);
            using var answer = await AskAsync(gateway, Reader, string.Empty, null);
            if (answer.StatusCode == HttpStatusCode.OK)
                break;
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_stream_ends_with_the_key_it_was_opened_by()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        using var http = gateway.NewHttp(Admin);
        var made = (await http.CallAsync("POST", "/v1/admin/keys", """{"name":"app"}""")).Json;
        var key = made.GetProperty("key").GetString()!;
        using var kept = await AskAsync(gateway, Reader, string.Empty, null);
        using var answer = await AskAsync(gateway, key, string.Empty, null);
        var id = made.GetProperty("details").GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.OK, (await http.CallAsync("DELETE", $"/v1/admin/keys/{id}", null)).Status);

        Assert.EndsWith("\n\n", await ReadToEndAsync(answer), StringComparison.Ordinal);
        using var lines = new StreamReader(await kept.Content.ReadAsStreamAsync());
        string? line;
        do
            line = await lines.ReadLineAsync().WaitAsync(WebhookReceiver.Patience);
        while (line is not null and not ": nothing new");
        Assert.Equal(": nothing new", line);
    }

    [Fact]
    public async Task A_stream_ends_with_the_token_it_was_opened_by()
    {
        await using var issuer = await ScriptedIssuer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(issuer.Settings([.. Settings, "MEMORY_JWT_SKEW_SECONDS=0"]));
        var token = issuer.Token(new() { ["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 6 });
        using var answer = await AskAsync(gateway, token, string.Empty, null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith(": events", await ReadToEndAsync(answer), StringComparison.Ordinal);
        (await gateway.GetAsync("/v1/events", "X-Api-Key: " + token)).IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Opening_streams_takes_of_the_tenants_limit()
    {
        await using var gateway = await RunningGateway.StartAsync([.. Settings, "MEMORY_TENANT_REQUESTS_PER_MINUTE=1"]);
        await using (await OpenAsync(gateway, Reader))
            (await gateway.GetAsync("/v1/events", "X-Api-Key: " + Reader)).IsProblem(429, "rate_limited");
    }

    [Theory]
    [InlineData("?types=turn.made", null, "types")]
    [InlineData("?user_id=a%20b", null, "user_id")]
    [InlineData("?limit=1", null, "limit")]
    [InlineData("", "yesterday", "Last-Event-ID")]
    public async Task What_is_wrong_is_refused_by_its_field(string query, string? last, string field)
    {
        await using var gateway = await RunningGateway.StartAsync(Settings);
        string[] headers = last is null ? ["X-Api-Key: " + Reader] : ["X-Api-Key: " + Reader, "Last-Event-ID: " + last];
        (await gateway.GetAsync("/v1/events" + query, headers)).Blames(field);
    }

    // With ids as long as they may be, which make the most of each event.
    private static MemoryWrite LongNamed(string id)
    {
        var (name, now) = (new string('n', 128), TimeProvider.System.GetUtcNow());
        return new MemoryWrite(0, new MemoryRecord
        {
            Id = id.PadRight(128, 'i'), Version = 1, Kind = "note", Tier = MemoryTier.Semantic, Status = MemoryStatus.Active, Content = "x",
            Owner = new MemoryOwner(name, name, SessionId: name), Importance = 0.5, Salience = new Salience(0.5, now), ValidFrom = now,
            RecordedAt = now,
            Origin = "agent", Change = MemoryChange.Written, Operation = id,
        });
    }

    private static async Task<string> WriteAsync(HttpClient http, string content, string user)
    {
        var written = await http.CallAsync("POST", "/v1/memories",
            JsonSerializer.Serialize(new { kind = "note", content, user_id = user }));
        Assert.True(written.Status == HttpStatusCode.Created, written.Text);
        return written.Json.GetProperty("id").GetString()!;
    }

    private static async Task<HttpResponseMessage> AskAsync(RunningGateway gateway, string key, string query, string? last)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events" + query);
        request.Headers.Add("X-Api-Key", key);
        if (last is not null)
            request.Headers.Add("Last-Event-ID", last);
        return await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static Task<string> ReadToEndAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync().WaitAsync(WebhookReceiver.Patience);

    private static async Task<OpenStream> OpenAsync(RunningGateway gateway, string key, string query = "", string? last = null)
    {
        var answer = await AskAsync(gateway, key, query, last);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        return new OpenStream(answer, SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator());
    }

    private sealed class OpenStream(HttpResponseMessage answer, IAsyncEnumerator<SseItem<string>> items) : IAsyncDisposable
    {
        public async Task<SseItem<string>> NextAsync()
        {
            Assert.True(await items.MoveNextAsync().AsTask().WaitAsync(WebhookReceiver.Patience), "The stream ended.");
            return items.Current;
        }

        public async Task<IReadOnlyList<SseItem<string>>> NextAsync(int count)
        {
            var all = new List<SseItem<string>>();
            while (all.Count < count)
                all.Add(await NextAsync());
            return all;
        }

        public ValueTask DisposeAsync()
        {
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
