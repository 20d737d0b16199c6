using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Local;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Models.Tests.Local;

public sealed class LocalEmbedderTests : IDisposable
{
    private const string Person = "That is a happy person";

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LocalEmbedder embedder;

    public LocalEmbedderTests() => embedder = Create(new LocalModelOptions());

    public void Dispose()
    {
        embedder.Dispose();
        services.Dispose();
    }

    // What the unquantised model gives; 8 bits move single pairs by up to .03.
    [Theory]
    [InlineData("That is a happy dog", .695)]
    [InlineData("That is a very happy person", .943)]
    [InlineData("Today is a sunny day", .257)]
    public async Task Sentences_are_as_near_as_their_meanings(string other, double expected)
    {
        var vectors = await EmbedAsync(Person, other);
        Assert.InRange(Cosine(vectors[0], vectors[1]), expected - .03, expected + .03);
    }

    [Fact]
    public async Task A_known_text_has_its_known_vector()
    {
        float[] expected = [-.0612f, .0002f, -.0391f, -.0351f, .0214f, .0537f, -.0102f, .0853f];
        var vector = (await EmbedAsync("What is the name of my sourdough starter?"))[0];
        Assert.Equal(384, vector.Length);
        Assert.All(expected.Zip(vector), static each => Assert.InRange(each.Second, each.First - .02f, each.First + .02f));
        Assert.Equal(1, Cosine(vector, vector), 5);
    }

    [Fact]
    public async Task A_text_has_the_same_vector_whatever_is_embedded_beside_it_and_whenever()
    {
        var alone = (await EmbedAsync(Person))[0];
        string[] others = ["A bird.", new string('x', 90), string.Join(' ', Enumerable.Repeat("winter is long here", 60))];
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EmbedAsync([.. others, Person])));
        Assert.All(runs, run => Assert.Equal(alone, run[^1]));
        using var another = Create(new LocalModelOptions());
        Assert.Equal(alone, (await another.EmbedAsync(another.Model, null, [Person], TextRole.Stored, default))[0]);
    }

    [Fact]
    public async Task Accents_and_case_make_no_difference()
    {
        var vectors = await EmbedAsync("We met at the café in Zürich", "we met at the cafe in zurich",
            "We met at the cafe\u0301 in Zu\u0308rich");
        Assert.Equal(vectors[1], vectors[0]);
        Assert.Equal(vectors[1], vectors[2]);
    }

    [Fact]
    public async Task Of_a_long_text_the_first_256_tokens_count()
    {
        var start = string.Join(' ', Enumerable.Repeat("harbour", 254));
        var vectors = await EmbedAsync(start, start + " and a lighthouse at night",
            string.Join(' ', Enumerable.Repeat("harbour", 100)) + " and a lighthouse at night");
        Assert.Equal(vectors[0], vectors[1]);
        Assert.NotEqual(vectors[0], vectors[2]);
    }

    [Fact]
    public async Task An_empty_text_is_the_callers_error_and_a_blank_one_has_a_vector()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => EmbedAsync(Person, string.Empty));
        Assert.Empty(await EmbedAsync());
        Assert.Equal(1, Cosine((await EmbedAsync("  \n\t "))[0], (await EmbedAsync("\u200B"))[0]), 5);
    }

    [Theory]
    [InlineData("\0\u0001\u0002")]
    [InlineData("\uD800 lone \uDC00 halves")]
    [InlineData("[CLS] [SEP] [PAD] [MASK] [UNK]")]
    [InlineData("a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301")]
    [InlineData("𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧‍👦 ﷽ 한국어 漢字かな ไทย")]
    public async Task Whatever_is_written_has_a_unit_vector(string text)
    {
        foreach (var each in new[] { text, string.Concat(Enumerable.Repeat(text, 2_000)) })
        {
            var vector = (await EmbedAsync(each))[0];
            Assert.Equal(1, Cosine(vector, vector), 5);
        }
    }

    [Fact]
    public async Task Marks_of_the_models_own_are_plain_text_when_somebody_writes_them()
    {
        var vectors = await EmbedAsync("cats [SEP] dogs", "cats dogs", "cats [ sep ] dogs");
        Assert.Equal(vectors[2], vectors[0]);
        Assert.NotEqual(vectors[1], vectors[0]);
    }

    [Fact]
    public async Task What_is_given_up_ends_soon_and_the_next_is_answered()
    {
        using var cancelled = new CancellationTokenSource();
        var many = Enumerable.Range(0, 2_000).Select(static i => $"sentence number {i} about the sea").ToArray();
        var running = embedder.EmbedAsync(embedder.Model, null, many, TextRole.Stored, cancelled.Token).AsTask();
        await EmbedAsync(Person);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(384, (await EmbedAsync(Person))[0].Length);
    }

    [Fact]
    public async Task An_embedder_that_is_disposed_lets_what_it_is_at_end()
    {
        using var shortLived = Create(new LocalModelOptions());
        var many = Enumerable.Range(0, 64).Select(static i => $"sentence number {i} about the sea").ToArray();
        var running = shortLived.EmbedAsync(shortLived.Model, null, many, TextRole.Stored, default).AsTask();
        await shortLived.EmbedAsync(shortLived.Model, null, [Person], TextRole.Question, default);
        shortLived.Dispose();
        var ended = await Record.ExceptionAsync(() => running);
        Assert.True(ended is null or OperationCanceledException or EmbedderException or ObjectDisposedException, ended?.ToString());
    }

    [Fact]
    public async Task Warmed_up_it_answers_and_says_so()
    {
        Assert.Equal(EmbedderCondition.Unknown, embedder.State.Condition);
        await embedder.WarmUpAsync(default);
        await EmbedAsync(Person);
        Assert.Equal(EmbedderCondition.Answering, embedder.State.Condition);
    }

    [Fact]
    public async Task Pooling_and_prefix_are_the_models()
    {
        using var other = Create(new LocalModelOptions { Name = "other", Pooling = Pooling.Cls, QuestionPrefix = "query: " });
        var stored = (await other.EmbedAsync("other", 384, [Person, "query: " + Person], TextRole.Stored, default)).ToArray();
        var question = (await other.EmbedAsync("other", 384, [Person], TextRole.Question, default))[0];
        Assert.Equal(stored[1], question);
        Assert.NotEqual(stored[0], question);
        Assert.NotEqual((await EmbedAsync(Person))[0], stored[0]);
        Assert.False((await Assert.ThrowsAsync<EmbedderException>(async () =>
            await other.EmbedAsync("another", null, [Person], TextRole.Stored, default))).IsPassing);
        Assert.Equal(EmbedderCondition.Answering, other.State.Condition);
        Assert.Null(other.State.Reason);
    }

    [Fact]
    public async Task A_file_that_is_missing_or_no_model_is_named()
    {
        var missing = Assert.Throws<LocalModelUnavailableException>(() => Create(new LocalModelOptions { ModelPath = "nowhere.onnx" }));
        Assert.Equal(LocalModelLack.File, missing.Lack);
        Assert.Contains("nowhere.onnx", missing.Message, StringComparison.Ordinal);
        using var noModel = Create(new LocalModelOptions { ModelPath = new LocalModelOptions().VocabularyPath });
        Assert.Equal(LocalModelLack.Form,
            (await Assert.ThrowsAsync<LocalModelUnavailableException>(() => noModel.WarmUpAsync(default))).Lack);
        Assert.True((await Assert.ThrowsAsync<EmbedderException>(async () =>
            await noModel.EmbedAsync(noModel.Model, null, [Person], TextRole.Question, default))).IsPassing);
        using var misfit = Create(new LocalModelOptions { Dimensions = 768 });
        Assert.Equal(LocalModelLack.Form,
            (await Assert.ThrowsAsync<LocalModelUnavailableException>(() => misfit.WarmUpAsync(default))).Lack);
    }

    [Fact]
    public void A_missing_native_library_is_told_from_other_failures()
    {
        var missing = Assert.Throws<LocalModelUnavailableException>(() => NativeRuntime.Check(
            static () => throw new TypeInitializationException("NativeMethods", new DllNotFoundException("onnxruntime"))));
        Assert.Equal(LocalModelLack.NativeLibrary, missing.Lack);
        Assert.Throws<InvalidOperationException>(() => NativeRuntime.Check(static () => throw new InvalidOperationException()));
        NativeRuntime.Check();
    }

    private LocalEmbedder Create(LocalModelOptions options) =>
        new(options, TimeProvider.System, services.GetRequiredService<IMeterFactory>());

    private async Task<float[][]> EmbedAsync(params string[] texts) =>
        [.. await embedder.EmbedAsync(embedder.Model, null, texts, TextRole.Stored, default)];

    private static double Cosine(float[] left, float[] right) => left.Zip(right, static (a, b) => a * (double)b).Sum();
}
