using System.Net;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>The .NET client's calls for memories and the graph against the real thing.</summary>
public sealed class ClientMemoriesTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly MemoryClient client = fixture.Gateway.Client;

    [Fact]
    public async Task A_memory_is_written_edited_cited_undone_and_erased()
    {
        var user = Calls.NewId();
        var written = await client.WriteMemoryAsync(
            new WriteMemoryRequest { Kind = "preference", Content = "Likes rye bread.", UserId = user });
        var id = written.Value.Id;
        Assert.Equal(1, written.Version);

        var edited = await client.EditMemoryAsync(id, new EditMemoryRequest { Content = "Likes wheat bread." }, ifMatch: 1);

        Assert.Equal((2, "Likes wheat bread."), (edited.Version, edited.Value.Content));
        Assert.Equal(412, (await Assert.ThrowsAsync<MemoryApiException>(() =>
            client.EditMemoryAsync(id, new EditMemoryRequest { Pinned = true }, ifMatch: 1))).Status);
        Assert.Equal(2, (await client.GetMemoryHistoryAsync(id)).Items.Count);
        Assert.InRange((await client.CiteMemoryAsync(id)).Salience, 0.0, 1.0);
        Assert.Equal("Likes rye bread.", Assert.Single((await client.UndoMemoryAsync(id, ifMatch: 2)).Items).Content);
        Assert.Equal("Likes rye bread.", (await client.GetMemoryAsync(id)).Content);
        Assert.Equal(id, Assert.Single((await client.ListMemoriesAsync(new MemoryListFilter(Kind: "preference", UserId: user))).Items).Id);
        await client.DeleteMemoryAsync(id);
        Assert.Equal("not_found", (await Assert.ThrowsAsync<MemoryApiException>(() => client.GetMemoryAsync(id))).Code);
    }

    [Fact]
    public async Task A_session_is_distilled_and_its_jobs_are_listed()
    {
        var id = Calls.NewId();
        await client.AppendAsync(id, new AppendTurnRequest { Role = "user", Content = "I moved to Lisbon in May.", UserId = id });
        Assert.Equal(1, (await client.DistilAsync(id)).Turns);
        Assert.NotNull((await client.ListJobsAsync(state: "dead")).Items);
    }

    [Fact]
    public async Task A_graph_is_made_read_searched_and_taken_apart()
    {
        var scope = Calls.NewId();
        var mira = await client.UpsertEntityAsync(new EntityRequest { Name = "Mira", Type = "person", UserId = scope });
        var bakery = (await client.UpsertEntityAsync(new EntityRequest { Name = "Bakery", UserId = scope })).Value;
        var said = await client.AddObservationsAsync(new ObservationsRequest { EntityId = mira.Value.Id, Content = "Bakes rye bread." });
        var relation = await client.AddRelationAsync(new RelationRequest { FromId = mira.Value.Id, ToId = bakery.Id, Type = "owns" });

        var view = await client.GetEntityAsync(mira.Value.Id, known: TimeProvider.System.GetUtcNow().AddMinutes(1));

        Assert.Equal(("Bakes rye bread.", "owns"), (Assert.Single(view.Observations).Content, Assert.Single(view.Relations).Relation.Type));
        Assert.Equal(1, (await client.FindPathAsync(mira.Value.Id, bakery.Id)).Hops);
        Assert.Equal(mira.Value.Id,
            (await client.SearchEntitiesAsync(new EntitySearchRequest { Query = "rye bread", UserId = scope })).Items[0].Entity.Id);
        Assert.Equal(2, (await client.ListEntitiesAsync(userId: scope)).Items.Count);
        Assert.True((await client.GetGraphOverviewAsync()).Entities >= 2);
        Assert.Equal(2, (await client.EditEntityAsync(mira.Value.Id, new EntityPatch { Type = "baker" }, mira.Version)).Version);
        Assert.Equal(2, (await client.EditRelationAsync(relation.Value.Id,
            new RelationPatch { ValidTo = TimeProvider.System.GetUtcNow().AddDays(1) }, relation.Version)).Version);
        await client.DeleteRelationAsync(relation.Value.Id);
        await client.DeleteObservationAsync(said.Items[0].Id);
        Assert.Equal(mira.Value.Id, (await client.DeleteEntityAsync(mira.Value.Id)).EntityId);
    }

    [Fact]
    public void Only_reads_and_writes_with_a_key_are_sent_again()
    {
        using var read = new HttpRequestMessage(HttpMethod.Get, "v1/sessions");
        using var write = new HttpRequestMessage(HttpMethod.Post, "v1/memories") { Content = new ByteArrayContent([]) };
        using var keyed = new HttpRequestMessage(HttpMethod.Post, "v1/sessions/s/turns") { Content = new ByteArrayContent([]) };
        keyed.Headers.Add("Idempotency-Key", "k");
        using var stream = new HttpRequestMessage(HttpMethod.Post, "v1/admin/import") { Content = new StreamContent(Stream.Null) };

        Assert.Equal([true, false, true, false], new[] { read, write, keyed, stream }.Select(RetrySafely.IsSafe));
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_for_a_read_and_not_for_a_write()
    {
        using var busy = new BusyOnce();
        using var retry = new RetrySafely(new HurriedTime()) { InnerHandler = busy };
        using var http = new HttpClient(retry) { BaseAddress = fixture.Gateway.Address };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("health/live", UriKind.Relative))).StatusCode);
        busy.Answered = 0;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.PostAsync(new Uri("v1/memories", UriKind.Relative), null)).StatusCode);
    }

    /// <summary>Whoever waits is told at once that the time is over.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private sealed class BusyOnce : HttpMessageHandler
    {
        public int Answered { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(++Answered == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
    }
}
