using System.Globalization;
using MemoryOrleans.Engine;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Memories;
using MemoryOrleans.Models;
using MemoryOrleans.Recall;
using MemoryOrleans.Models.Local;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Tiers;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Bench.RecallEval;

/// <summary>Compares turns alone with all tiers: how much of the evidence stands in 1,500 tokens of recalled text.</summary>
/// <param name="encoder">Null: static vectors alone.</param>
internal sealed class EvaluateTiers(SqliteStore store, IEmbedder embedder, ITextEmbedder? encoder)
{
    private const int TokensMax = 1_500;
    private const int ItemsMax = 100;

    private static readonly RecallIndexLimits Limits = new(TimeSpan.FromHours(1), long.MaxValue);
    private readonly SalienceCurve curve = new(new SalienceRules());
    private readonly SpaceBook book = new(store, store, TimeProvider.System);

    public static Task RunAsync(EvalData data, IReadOnlyList<string> weights, CancellationToken cancel) =>
        RunAsync(data, weights, null, cancel);

    /// <summary>The same with the local encoder.</summary>
    /// <param name="vectorsFolder">Where vectors are kept between runs; null: nowhere.</param>
    public static async Task RunWithMeaningAsync(
        EvalData data, IReadOnlyList<string> weights, string? vectorsFolder, CancellationToken cancel)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var model = new LocalEmbedder(
            new LocalModelOptions { ConcurrentTextsMax = 2 }, TimeProvider.System,
            services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        var dimensions = (await model.EmbedAsync(model.Model, null, ["memory"], TextRole.Stored, cancel))[0].Length;
        using var file = new VectorFile(model, dimensions, vectorsFolder);
        using var encoder = new FileEmbedder(model, file);
        await RunAsync(data, weights, encoder, cancel);
    }

    private static async Task RunAsync(EvalData data, IReadOnlyList<string> weights, ITextEmbedder? encoder, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("recall-eval-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(
                new SqliteStoreOptions { Path = Path.Combine(folder.FullName, "memory.db") }, TimeProvider.System, cancel);
            await new EvaluateTiers(store, new StaticEmbedder(), encoder).RunAllAsync(data, weights, cancel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task RunAllAsync(EvalData data, IReadOnlyList<string> weights, CancellationToken cancel)
    {
        using var host = new InProcessHost(
            MemoryStores.Of(store), new EngineModels(embedder), TimeProvider.System, static () =>
            Guid.CreateVersion7().ToString("n"), new EngineOptions());
        var distil = new DistilConversation(host, store, embedder, curve, TimeProvider.System.GetUtcNow());
        var (episodes, facts) = (0, 0);
        if (encoder is not null)
            await new SpaceTender(store, book, encoder, TimeProvider.System).RunAsync(cancel);
        foreach (var conversation in data.Conversations)
        {
            await Evaluate.IngestAsync(host, conversation, cancel);
            var made = await distil.RunAsync(conversation, cancel);
            (episodes, facts) = (episodes + made.Episodes, facts + made.Facts);
        }

        if (encoder is not null)
            await EmbedAsync(encoder, cancel);
        Console.WriteLine($"{episodes} episodes, {facts} active facts; within {TokensMax} tokens, at most {ItemsMax} items:");
        Console.WriteLine($"{"",-24}{"evidence",10}{"answer",10}{"items",8}{"facts",8}{"episodes",10}");
        await PrintAsync("turns alone", data, new TierRules(), ["turn"], cancel);
        await PrintAsync("all tiers", data, new TierRules(), null, cancel);
        foreach (var each in weights)
            await PrintAsync($"all tiers {each}", data, RulesOf(each), null, cancel);
    }

    private async Task EmbedAsync(ITextEmbedder encoder, CancellationToken cancel)
    {
        var run = new DueWorkRunner(store, TimeProvider.System, static () => 0, new DueLimits());
        var patience = TimeSpan.FromMinutes(10);
        IDueHandler[] handlers =
        [
            new EmbeddingHandler(store, store, encoder, book, TimeProvider.System, patience),
            new MemoryEmbeddingHandler(store, store, encoder, book, TimeProvider.System, patience),
        ];
        foreach (var handler in handlers)
        {
            while ((await run.RunAsync(handler, 0, cancel)).Claimed > 0)
            {
            }
        }

        await book.RefreshAsync(cancel);
    }

    private static TierRules RulesOf(string weights)
    {
        var numbers = weights.Split(',').Select(static number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new TierRules { General = new TierWeights(numbers[0], numbers[1], 1),
            ByIntent = new Dictionary<string, TierWeights>(StringComparer.Ordinal) };
    }

    private async Task PrintAsync(string name, EvalData data, TierRules rules, IReadOnlyCollection<string>? kinds, CancellationToken cancel)
    {
        var told = encoder is null ? null : new MemoryVectors(store, book, encoder.Model);
        var turnIndex = new RecallIndex(store, embedder, TimeProvider.System, Limits,
            encoder is null ? null : new VectorFeed(store, book, encoder.Model));
        var memoryIndex = new RecallIndex(store.MemoryFeed, embedder, TimeProvider.System, Limits, told);
        using var recall = new MemoryRecall(
            turnIndex, store, embedder, TimeProvider.System, new WorkingMemoryLimits(), concurrency: 1,
            encoder is null ? null : new NeuralArm(store, encoder, book, TimeProvider.System, TimeSpan.FromMinutes(1)),
            new MemoryArm(memoryIndex, store, curve, rules));
        var rows = new List<(string Intent, double Evidence, double? Answer, IReadOnlyList<RecalledItem> Items)>();
        foreach (var conversation in data.Conversations)
        {
            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var turn in conversation.Sessions.SelectMany(static session => session.Turns))
                texts.TryAdd(turn.Id, turn.Text);
            foreach (var question in conversation.Questions.Where(static question => question.HasGold))
            {
                var answer = (await recall.RecallAsync(
                    new RecallQuery(Evaluate.Tenant, question.Question, ItemsMax, UserId: conversation.Id, Kinds: kinds,
                    MaxTokens: TokensMax), cancel)).Value;
                rows.Add((answer.Intent, Coverage.OfEvidence(answer.Items, question, texts), Coverage.OfAnswer(answer.Items, question),
                    answer.Items));
            }
        }

        Print(name, rows);
        foreach (var intent in rows.GroupBy(static row => row.Intent).OrderBy(static group => group.Key, StringComparer.Ordinal))
            Print($"  {intent.Key} ({intent.Count()})", [.. intent]);
    }

    private static void Print(
        string name, IReadOnlyList<(string Intent, double Evidence, double? Answer, IReadOnlyList<RecalledItem> Items)> rows) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-24}{rows.Average(static row => row.Evidence),10:F4}{rows.Average(static row => row.Answer) ?? 0,10:F4}{rows.Average(static row => row.Items.Count),8:F1}{rows.Average(static row => row.Items.Count(static item => item.Memory is { Tier: MemoryTier.Semantic })),8:F1}{rows.Average(static row => row.Items.Count(static item => item.Kind == "episode")),10:F1}"));
}
