using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Erasures;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models.Neural;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Scripted;
using MemoryOrleans.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Host.Conformance;

/// <summary>
/// What every host promises about a neural embedder, which here answers over the wire. Inherited by each host's own tests.
/// </summary>
public abstract class NeuralConformance : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DueLimits Due = new()
    {
        Poll = TimeSpan.FromMilliseconds(20),
        Lease = TimeSpan.FromSeconds(20),
        AttemptsMax = 2,
        Backoff = new BackoffPolicy(TimeSpan.FromMilliseconds(20), 2, TimeSpan.FromMilliseconds(200)),
    };

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private ScriptedEmbedder? server;
    private NeuralEmbedder? embedder;
    private IHostUnderTest? underTest;

    private IMemoryHost Host => underTest!.Host;

    private ScriptedEmbedder Server => server!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedEmbedder.StartAsync();
        embedder = new NeuralEmbedder(
            new NeuralEmbedderOptions
            {
                Provider = EmbedderProvider.OpenAi, Model = "first", BaseUrl = Server.OpenAiUrl, Timeout = TimeSpan.FromSeconds(2),
                CircuitWindow = TimeSpan.FromSeconds(1), CircuitBreak = TimeSpan.FromSeconds(0.5),
            },
            TimeProvider.System, services.GetRequiredService<IMeterFactory>());
        underTest = await StartAsync(embedder, Due);
    }

    public async ValueTask DisposeAsync()
    {
        Server.Behaviour = Behaviour.Normal;
        if (underTest is not null)
            await underTest.DisposeAsync();
        embedder?.Dispose();
        await Server.DisposeAsync();
        await services.DisposeAsync();
    }

    [Fact]
    public async Task A_turn_is_embedded_after_its_append_and_recall_asks_its_space()
    {
        await SayAsync("s", "The heron nests by the lake.", "We painted the fence green.");
        var space = await WhenEmbeddedAsync(2);
        Assert.Equal(("first", 64, VectorSpaceState.Active), (space.Space.Model, space.Space.Dimensions, space.Space.State));

        var found = await RecallWholeAsync("heron lake");
        Assert.Equal("The heron nests by the lake.", found.Items[0].Content);
        Assert.All(found.Items, static item => Assert.Equal("first", item.Explanation!.VectorModel));
        var why = found.Items[0].Explanation!;
        Assert.Equal(0.5, why.Vector, 3);
        Assert.Equal(found.Items[0].Score, why.Lexical + why.Vector + why.Smoothing + why.SessionPrior + why.Subject + why.Quote, 1e-6);
    }

    [Fact]
    public async Task Questions_are_forgotten_with_an_erasure()
    {
        const string Question = "Where does the heron nest?";
        int Asked() => Server.Seen.Count(static request => request.Texts.Contains(Question));
        await SayAsync("s", "The heron nests by the lake.");
        await SayAsync("other", "We painted the fence green.");
        await WhenEmbeddedAsync(2);
        await RecallWholeAsync(Question);
        var asked = Asked();
        await RecallAsync(Question);
        Assert.Equal(asked, Asked());

        var target = new ErasureTarget(ErasureKind.Session, "s");
        Assert.True((await Host.Erasures.EraseAsync(Tenant, target, null, "test", Patience, CancellationToken.None)).Value.IsDone);
        await RecallAsync(Question);
        Assert.Equal(asked + 1, Asked());
    }

    [Fact]
    public async Task While_the_embedder_is_away_appends_and_recalls_go_on_and_later_it_catches_up()
    {
        await SayAsync("s", "The heron nests by the lake.");
        await WhenEmbeddedAsync(1);
        Server.Behaviour = new Behaviour { Act = Act.Drop };
        for (var i = 0; i < 20; i++)
            await SayAsync($"s{i}", $"The otter number {i} swims.");
        var found = await Eventually.FindsAsync(async () => await RecallAsync("otter number 7") is { Degraded.Count: > 0 } degraded
            ? degraded : null);
        Assert.Equal(["embedder"], found.Degraded);
        Assert.Equal("The otter number 7 swims.", found.Items[0].Content);
        Assert.Contains("neural first", (await HealthAsync("embedder")).Detail, StringComparison.Ordinal);

        Server.Behaviour = Behaviour.Normal;
        await WhenEmbeddedAsync(21);
        Assert.Empty((await Host.Due.ListAsync(Tenant, DueState.Dead, null, null, 100, CancellationToken.None)).Value.Items);
        await Eventually.HoldsAsync(async () => (await RecallAsync($"otter at {Guid.NewGuid():n}")).Degraded.Count == 0);
    }

    [Fact]
    public async Task A_turn_that_is_not_embedded_yet_is_found_as_well()
    {
        await SayAsync("old", [.. Enumerable.Range(0, 50).Select(static i => $"Some heron talk about lake {i}.")]);
        await WhenEmbeddedAsync(50);
        await RecallWholeAsync("Which boat has a red sail?");
        Server.Behaviour = new Behaviour { Act = Act.Hang };
        await SayAsync("new", "The boat with the red sail is ours.");
        var found = await RecallWholeAsync("Which boat has a red sail?");
        Assert.Equal("The boat with the red sail is ours.", found.Items[0].Content);
        Assert.Equal(0.5, found.Items[0].Explanation!.Vector, 3);
    }

    [Fact]
    public async Task A_turn_the_embedder_refuses_is_dead_with_a_reason_and_can_be_tried_again()
    {
        Server.Behaviour = new Behaviour { RefusesTextsWith = "poison" };
        await SayAsync("good", "one", "two");
        await SayAsync("bad", "three", "poison", "four");
        var dead = await Eventually.FindsAsync(async () =>
            (await Host.Due.ListAsync(Tenant, DueState.Dead, DueKinds.EmbedPrefix, null, 10, CancellationToken.None))
            .Value.Items.SingleOrDefault());
        Assert.Equal(("bad", 1L), (dead.Subject, dead.Cursor));
        Assert.False(string.IsNullOrEmpty(dead.LastError));
        Assert.DoesNotContain("poison", dead.LastError, StringComparison.Ordinal);
        await WhenEmbeddedAsync(4);
        Assert.False((await Eventually.FindsAsync(async () => await HealthAsync("schedule") is { Healthy: false } ill ? ill : null))
            .IsEssential);
        Assert.Equal(ErrorCode.NotFound, (await Host.Due.RequeueAsync("other", dead.Id, CancellationToken.None)).Error?.Code);

        Server.Behaviour = Behaviour.Normal;
        Assert.True((await Host.Due.RequeueAsync(Tenant, dead.Id, CancellationToken.None)).IsSuccess);
        await WhenEmbeddedAsync(5);
    }

    [Fact]
    public async Task Another_model_is_gone_over_to_while_recall_goes_on_with_the_present_one()
    {
        for (var i = 0; i < 30; i++)
            await SayAsync($"s{i}", $"The otter number {i} swims.", "Then it sleeps.");
        var first = await WhenEmbeddedAsync(60);
        Server.Behaviour = new Behaviour { DelayMilliseconds = 20 };
        var started = (await Host.Embeddings.StartAsync(Tenant, "second", 32, CancellationToken.None)).Value;
        Assert.Equal((VectorSpaceState.Filling, 32), (started.Space.State, started.Space.Dimensions));
        Assert.Equal(started.Space.Id, (await Host.Embeddings.StartAsync(Tenant, "second", null, CancellationToken.None)).Value.Space.Id);
        Assert.Equal(ErrorCode.Conflict, (await Host.Embeddings.StartAsync(Tenant, "third", null, CancellationToken.None)).Error?.Code);
        var models = new HashSet<string>();
        await SayAsync("meanwhile", "A badger digs.");
        await Eventually.HoldsAsync(async () =>
        {
            var found = await RecallWholeAsync("otter number 7");
            models.Add(found.Items[0].Explanation!.VectorModel!);
            return models.Contains("second");
        });

        var spaces = await Host.Embeddings.ListAsync(Tenant, CancellationToken.None);
        Assert.Equal([VectorSpaceState.Retired, VectorSpaceState.Active], spaces.Select(static each => each.Space.State));
        Assert.Equal(61, spaces[1].TurnsEmbedded);
        Assert.Equal(ErrorCode.Conflict, (await Host.Embeddings.DropAsync(spaces[1].Space.Id, CancellationToken.None)).Error?.Code);
        Assert.True((await Host.Embeddings.DropAsync(first.Space.Id, CancellationToken.None)).IsSuccess);
        Assert.Equal(ErrorCode.NotFound, (await Host.Embeddings.DropAsync(first.Space.Id, CancellationToken.None)).Error?.Code);
        Assert.Single(await Host.Embeddings.ListAsync(Tenant, CancellationToken.None));
    }

    [Fact]
    public async Task A_model_the_embedder_refuses_or_cannot_answer_for_is_not_begun()
    {
        await SayAsync("s", "The heron nests by the lake.");
        await WhenEmbeddedAsync(1);
        Server.Behaviour = new Behaviour { Act = Act.Refuse, Status = 404 };
        Assert.Equal((ErrorCode.InvalidInput, "model"), await RefusalAsync("no-such-model"));
        Server.Behaviour = new Behaviour { Act = Act.Drop };
        Assert.Equal((ErrorCode.EmbedderUnavailable, null), await RefusalAsync("second"));
        Assert.Single(await Host.Embeddings.ListAsync(Tenant, CancellationToken.None));

        async Task<(ErrorCode, string?)> RefusalAsync(string model)
        {
            var error = (await Host.Embeddings.StartAsync(Tenant, model, null, CancellationToken.None)).Error!;
            return (error.Code, error.Field);
        }
    }

    [Fact]
    public async Task Embedding_that_a_stop_interrupts_goes_on_after_the_start()
    {
        await SayAsync("s", "one");
        await WhenEmbeddedAsync(1);
        var asked = Server.Requests;
        Server.Behaviour = new Behaviour { Act = Act.Hang };
        await SayAsync("s", "two", "three");
        await Server.WhenRequestsAsync(asked + 1);
        await underTest!.RestartAsync();
        Server.Behaviour = Behaviour.Normal;
        await WhenEmbeddedAsync(3);
    }

    /// <param name="due">Limits of the schedule, which the host under test runs.</param>
    protected abstract Task<IHostUnderTest> StartAsync(ITextEmbedder embedder, DueLimits due);

    private async Task SayAsync(string session, params string[] contents)
    {
        var drafts = contents.Select(static content => new TurnDraft(null, "user", null, content, null, null)).ToArray();
        var outcome = await Host.Sessions.AppendAsync(new AppendCommand(new SessionKey(Tenant, session), "ada", null, drafts),
            CancellationToken.None);
        Assert.True(outcome.IsSuccess);
    }

    private Task<SpaceProgress> WhenEmbeddedAsync(long turns) => Eventually.FindsAsync(async () =>
        (await Host.Embeddings.ListAsync(Tenant, CancellationToken.None))
        .LastOrDefault(each => each.TurnsEmbedded == turns && each.Space.State == VectorSpaceState.Active));

    private async Task<RecallResult> RecallAsync(string question) =>
        (await Host.Recall.RecallAsync(new RecallQuery(Tenant, question, 10, UserId: "ada", Explain: true), CancellationToken.None)).Value;

    // A process sees a while after the store that a space is active, and a busy machine may make a recall lose its patience with the
    // embedder once.
    private Task<RecallResult> RecallWholeAsync(string question) => Eventually.FindsAsync(async () =>
        await RecallAsync(question) is { Degraded.Count: 0 } whole
        && whole.Items.Any(static item => item.Explanation!.VectorModel is not null) ? whole : null);

    private async Task<ComponentHealth> HealthAsync(string part) =>
        (await Host.Operations.CheckHealthAsync(CancellationToken.None)).Single(each => each.Name == part);
}
