using System.Diagnostics;
using System.Net;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>What a program gets with the client's package: addresses, retries, keys, pages, problems, traces, registration.</summary>
public sealed class ClientPackageTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    [Theory]
    [InlineData("http://example.test/memory", "http://example.test/memory/v1/sessions/s")]
    [InlineData("http://example.test/memory/", "http://example.test/memory/v1/sessions/s")]
    [InlineData("http://example.test", "http://example.test/v1/sessions/s")]
    public async Task The_path_of_a_base_address_is_kept(string address, string asked)
    {
        using var script = new Scripted(static (_, _) => new HttpResponseMessage(HttpStatusCode.NotFound));
        using var http = new HttpClient(script) { BaseAddress = new Uri(address) };
        var problem = await Assert.ThrowsAsync<MemoryApiException>(() => new MemoryClient(http).GetSessionAsync("s"));
        Assert.True(problem.IsNotFound);
        Assert.Equal(asked, Assert.Single(script.Seen).Address);
    }

    [Fact]
    public async Task Recalls_searches_and_keyed_writes_are_sent_again_when_the_server_is_busy()
    {
        using var script = new Scripted(static (seen, _) =>
            new HttpResponseMessage(seen == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.Conflict));
        async Task<int> AttemptsAsync(Func<MemoryClient, Task> call)
        {
            script.Seen.Clear();
            using var http = new HttpClient(new RetrySafely(new HurriedTime()) { InnerHandler = script },
                disposeHandler: false) { BaseAddress = gateway.Address };
            await Assert.ThrowsAsync<MemoryApiException>(() => call(new MemoryClient(http)));
            return script.Seen.Count;
        }

        Assert.Equal(2, await AttemptsAsync(static client => client.RecallAsync(new RecallRequest { Query = "q" })));
        Assert.Equal(2, await AttemptsAsync(static client => client.SearchEntitiesAsync(new EntitySearchRequest { Query = "q" })));
        Assert.Equal(2, await AttemptsAsync(static client => client.UpsertEntityAsync(new EntityRequest { Name = "n" })));
        Assert.Equal(2, await AttemptsAsync(static client =>
            client.AppendAsync("s", new AppendTurnRequest { Role = "user", Content = "c" })));
        Assert.Equal(script.Seen[0].Key, script.Seen[1].Key);
        Assert.Equal(2, await AttemptsAsync(static client =>
            client.AppendAsync("s", new AppendTurnRequest { Id = "t", Role = "user", Content = "c" })));
        Assert.Null(script.Seen[0].Key);
        Assert.Equal(1, await AttemptsAsync(static client =>
            client.WriteMemoryAsync(new WriteMemoryRequest { Kind = "note", Content = "c" })));
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_takes_effect_once()
    {
        var session = Calls.NewId();
        using var lossy = new LosesFirstAnswer { InnerHandler = new SocketsHttpHandler() };
        using var http = new HttpClient(new RetrySafely(new HurriedTime()) { InnerHandler = lossy }) { BaseAddress = gateway.Address };
        var turn = await new MemoryClient(http).AppendAsync(session, new AppendTurnRequest { Role = "user", Content = "Only once." });
        Assert.True(turn.Replayed);
        Assert.Equal(1, (await gateway.Client.GetSessionAsync(session)).Turns);
    }

    [Fact]
    public async Task Listings_go_from_end_to_end_and_can_be_broken_off()
    {
        var (session, user) = (Calls.NewId(), Calls.NewId());
        var turns = Enumerable.Range(1, 250).Select(static n => new TurnInput { Role = "user", Content = $"turn {n}" }).ToArray();
        await gateway.Client.AppendAsync(session, new AppendTurnsRequest { UserId = user, Turns = turns });
        Assert.Equal(Enumerable.Range(1, 250).Select(static n => (long)n),
            await gateway.Client.EnumerateTurnsAsync(session).Select(static turn => turn.Seq).ToArrayAsync());
        Assert.Equal([session], await gateway.Client.EnumerateSessionsAsync(user).Select(static each => each.Id).ToArrayAsync());

        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var turn in gateway.Client.EnumerateTurnsAsync(session, stop.Token))
            {
                if (turn.Seq == 100)
                    await stop.CancelAsync();
            }
        });
    }

    [Fact]
    public async Task Operators_calls_answer()
    {
        var client = gateway.Client;
        Assert.Equal("default", Assert.Single((await client.ListTenantsAsync()).Items).Tenant);
        Assert.Empty((await client.GetRetentionAsync()).Rules);
        Assert.True((await client.RunRetentionAsync(new RetentionRequest())).DryRun);
        Assert.Empty(await client.EnumerateJobsAsync(state: "dead").ToArrayAsync());
        Assert.Empty(await client.EnumerateErasuresAsync().ToArrayAsync());
        Assert.Contains(await client.EnumerateAuditAsync().ToArrayAsync(), static entry => entry.Action == "applyRetention");
        Assert.Empty(await client.EnumerateEntitiesAsync(userId: Calls.NewId()).ToArrayAsync());
        Assert.Empty(await client.EnumerateMemoriesAsync(new MemoryListFilter(UserId: Calls.NewId())).ToArrayAsync());
        Assert.True((await Assert.ThrowsAsync<MemoryApiException>(() => client.ActivateEmbeddingAsync(99))).IsNotFound);
        Assert.True((await Assert.ThrowsAsync<MemoryApiException>(() => client.DeleteEmbeddingAsync(99))).IsNotFound);
    }

    [Fact]
    public async Task A_trace_shows_a_call_without_ids()
    {
        var session = Calls.NewId();
        var seen = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "MemoryOrleans.Client",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (seen)
                    seen.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var parent = new Activity("test").Start();
        await Assert.ThrowsAsync<MemoryApiException>(() => gateway.Client.GetSessionAsync(session));

        var traced = Assert.Single(seen, each => each.ParentSpanId == parent.SpanId);
        Assert.Equal(("GET v1/sessions", 404, "not_found"),
            (traced.OperationName, traced.GetTagItem("http.response.status_code"), traced.GetTagItem("error.type")));
        Assert.DoesNotContain(traced.TagObjects, each => each.Value is string text && text.Contains(session, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_registered_in_one_line()
    {
        await using var services = new ServiceCollection().AddMemoryClient(options => options.Address = gateway.Address)
            .BuildServiceProvider();
        Assert.Equal("ok", (await services.GetRequiredService<MemoryClient>().GetReadyAsync()).Status);
        Assert.Same(services.GetRequiredService<MemoryClient>(), services.GetRequiredService<MemoryClient>());
    }

    /// <summary>Whoever waits is told at once that the time is over.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private sealed class Scripted(Func<int, HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<(string Address, string? Key)> Seen { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Add((request.RequestUri!.AbsoluteUri,
                request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null));
            return Task.FromResult(answer(Seen.Count, request));
        }
    }

    private sealed class LosesFirstAnswer : DelegatingHandler
    {
        private bool lost;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (lost)
                return response;
            lost = true;
            response.Dispose();
            throw new HttpRequestException("The connection broke off.");
        }
    }
}
