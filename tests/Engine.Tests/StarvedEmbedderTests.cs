using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Local;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Engine.Tests;

/// <summary>The model itself, kept from its processor by more work than it can do.</summary>
public sealed class StarvedEmbedderTests
{
    private const string Tenant = "acme";
    private const string Question = "What pet does she own?";
    private const int Hogs = 80;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string[] Said =
    [
        "The train to Bern was late again", "My beagle Rex chewed the sofa", "Tomorrow the plumber comes for the sink",
        "Grandmother bakes plum cake every Sunday",
    ];

    [Fact]
    public async Task Recall_says_so_and_ranks_as_without_it_and_comes_back_when_it_does()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var embedder = new LocalEmbedder(new LocalModelOptions(), TimeProvider.System, services.GetRequiredService<IMeterFactory>());
        await using var plain = await StartAsync(null);
        await using var host = await StartAsync(embedder);
        // Embedded is not enough: a space that was opened after the turns came is recalled by once it is the active one.
        var whole = await Eventually.SeesAsync(() => AskAsync(host, Question),
            static found => found.Degraded.Count == 0 && found.Items.Any(static item => item.Explanation?.Meaning is { Context: > 0 }),
            Deadline);
        Assert.Equal(Said[1], whole.Items[0].Content);

        using var ending = new CancellationTokenSource();
        var hogs = Enumerable.Range(0, Hogs).Select(hog => HoldAsync(embedder, hog, ending.Token)).ToArray();
        var starved = await AskAsync(host, "Which animal lives with her?");
        Assert.Equal(["embedder"], starved.Degraded);
        var expected = await AskAsync(plain, "Which animal lives with her?");
        Assert.Equal(expected.Items.Select(static item => (item.Content, item.Score)),
            starved.Items.Select(static item => (item.Content, item.Score)));

        await ending.CancelAsync();
        await Task.WhenAll(hogs);
        var asked = 0;
        await Eventually.HoldsAsync(async () => (await AskAsync(host, $"What pet does she own, asked {asked++}?")).Degraded.Count == 0,
            Deadline);
    }

    private static async Task<EngineOnSqlite> StartAsync(ITextEmbedder? embedder)
    {
        var host = await EngineOnSqlite.StartAsync(new EngineOptions { EmbeddingPatience = TimeSpan.FromMilliseconds(250) },
            textEmbedder: embedder);
        var turns = Said.Select(static content => new TurnDraft(null, "user", "Ada", content, null, null)).ToArray();
        Assert.True((await host.Host.Sessions.AppendAsync(new AppendCommand(new SessionKey(Tenant, "s"), "ada", null, turns), default))
            .IsSuccess);
        return host;
    }

    // Questions, since those have every place that there is; each of long texts that nothing has embedded before.
    private static async Task HoldAsync(LocalEmbedder embedder, int hog, CancellationToken cancel)
    {
        var texts = Enumerable.Range(0, 4).Select(i => string.Join(' ', Enumerable.Repeat($"winter {hog} is long in place {i}", 60)))
            .ToArray();
        try
        {
            await embedder.EmbedAsync(embedder.Model, null, texts, TextRole.Question, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Given up before it was embedded.
        }
    }

    private static async Task<RecallResult> AskAsync(EngineOnSqlite host, string question) =>
        (await host.Host.Recall.RecallAsync(new RecallQuery(Tenant, question, 10) { UserId = "ada", Kinds = ["turn"], Explain = true },
        default)).Value;
}
