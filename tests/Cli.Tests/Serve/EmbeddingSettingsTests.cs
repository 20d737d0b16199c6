using MemoryOrleans.Embeddings;
using MemoryOrleans.Settings;
using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Models.Local;
using MemoryOrleans.Models.Neural;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Cli.Tests.Serve;

public sealed class EmbeddingSettingsTests
{
    [Fact]
    public void Static_means_word_vectors_alone()
    {
        var (settings, errors) = Read("PROVIDER=static");
        Assert.Empty(errors);
        Assert.Equal(new EmbeddingSettings(null, null), settings);
        var services = new ServiceCollection();
        settings.AddTo(services);
        Assert.Empty(services);
    }

    [Fact]
    public void An_own_server_needs_a_model_and_an_address_and_no_key()
    {
        var (settings, errors) = Read("PROVIDER=openai", "MODEL_NAME=nomic-embed-text", "BASE_URL=http://localhost:11434/v1");
        Assert.Empty(errors);
        Assert.Equal(
            new NeuralEmbedderOptions { Provider = EmbedderProvider.OpenAi, Model = "nomic-embed-text",
            BaseUrl = new Uri("http://localhost:11434/v1") },
            settings.Neural);
    }

    [Fact]
    public async Task A_chosen_provider_is_in_the_container_as_the_port()
    {
        var (settings, _) = Read("PROVIDER=Gemini", "MODEL_NAME=gemini-embedding-001", "DIMENSIONS=768", "API_KEY=k");
        var services = new ServiceCollection().AddMetrics();
        settings.AddTo(services);
        await using var provider = services.BuildServiceProvider();
        var embedder = provider.GetRequiredService<ITextEmbedder>();
        Assert.Equal(("gemini-embedding-001", 768, EmbedderState.Unknown), (embedder.Model, embedder.Dimensions, embedder.State));
        Assert.Same(embedder, provider.GetRequiredService<ITextEmbedder>());
    }

    [Fact]
    public async Task Nothing_set_means_the_model_that_comes_with_it()
    {
        var (settings, errors) = Read();
        Assert.Empty(errors);
        Assert.Equal(Read("PROVIDER=local").Settings, settings);
        Assert.Equal(new LocalModelOptions(), settings.Local);
        var services = new ServiceCollection().AddMetrics().AddLogging();
        settings.AddTo(services);
        await using var provider = services.BuildServiceProvider();
        Assert.Equal(("all-MiniLM-L6-v2.int8", true),
            provider.GetRequiredService<ITextEmbedder>() is var embedder ? (embedder.Model, embedder.RanksInIndex) : default);
    }

    [Fact]
    public void Another_model_is_named_by_its_file_with_its_vocabulary_beside_it()
    {
        var shipped = new LocalModelOptions();
        var (settings, errors) = Read(
            $"MODEL_PATH={shipped.ModelPath}", "POOLING=cls", "QUESTION_PREFIX=query:", "STORED_PREFIX=passage:", "MODEL_NAME=mine",
            "DIMENSIONS=384", "LOCAL_TOKENS_MAX=128",
            "LOCAL_TEXTS_MAX=2", "LOCAL_BUSY_PERCENT=40");
        Assert.Empty(errors);
        Assert.Equal(
            shipped with
            {
                Name = "mine", IsNamed = true, Pooling = Pooling.Cls, QuestionPrefix = "query: ", StoredPrefix = "passage: ",
                    Dimensions = 384, TokensMax = 128,
                ConcurrentTextsMax = 2, BusyPercent = 40,
            },
            settings.Local);
        Assert.Equal("all-MiniLM-L6-v2.int8", Read($"MODEL_PATH={shipped.ModelPath}").Settings.Local!.Name);
        settings.CheckModel();
    }

    [Fact]
    public void A_named_model_of_other_dimensions_than_said_ends_the_start()
    {
        var (settings, errors) = Read($"MODEL_PATH={new LocalModelOptions().ModelPath}", "DIMENSIONS=768");
        Assert.Empty(errors);
        Assert.StartsWith("MEMORY_EMBEDDING_MODEL_PATH: ", Assert.Throws<SettingsException>(settings.CheckModel).Errors[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_file_that_is_no_model_ends_the_start_with_a_sentence()
    {
        var folder = Directory.CreateTempSubdirectory("memory-model-");
        try
        {
            var path = Path.Combine(folder.FullName, "no.onnx");
            await File.WriteAllTextAsync(path, "no model");
            File.Copy(new LocalModelOptions().VocabularyPath, Path.Combine(folder.FullName, "vocab.txt"));
            var ended = await MemoryProcess.RunAsync(
                ["MEMORY_EMBEDDING_PROVIDER=local", $"MEMORY_EMBEDDING_MODEL_PATH={path}",
                $"MEMORY_DATABASE_URL=sqlite:{folder.FullName}/m.db"], "serve");
            Assert.Equal(78, ended.ExitCode);
            Assert.Contains("MEMORY_EMBEDDING_MODEL_PATH: ", ended.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_value_reaches_its_place()
    {
        var (settings, errors) = Read(
            "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "DIMENSIONS=4000", "TIMEOUT_SECONDS=3", "BATCH_MAX=5",
            "BATCH_MAX_CHARACTERS=6000",
            "TEXT_MAX_CHARACTERS=700", "CONCURRENT_REQUESTS_MAX=8", "CACHE_MEGABYTES=9", "CIRCUIT_FAILURE_RATIO=0.25",
            "CIRCUIT_REQUESTS_MIN=10",
            "CIRCUIT_WINDOW_SECONDS=11", "CIRCUIT_BREAK_SECONDS=12");
        Assert.Empty(errors);
        Assert.Equal(
            new NeuralEmbedderOptions
            {
                Provider = EmbedderProvider.OpenAi, Model = "m", ApiKey = "k", Dimensions = 4_000, Timeout = TimeSpan.FromSeconds(3),
                    BatchTextsMax = 5,
                BatchCharactersMax = 6_000, TextCharactersMax = 700, ConcurrentRequestsMax = 8, CacheBytesMax = 9 * 1024 * 1024,
                CircuitFailureRatio = 0.25, CircuitRequestsMin = 10, CircuitWindow = TimeSpan.FromSeconds(11),
                CircuitBreak = TimeSpan.FromSeconds(12),
            },
            settings.Neural);
    }

    [Theory]
    [InlineData("MEMORY_EMBEDDING_PROVIDER", "PROVIDER=cohere")]
    [InlineData("MEMORY_EMBEDDING_MODEL_NAME", "PROVIDER=openai", "API_KEY=k")]
    [InlineData("MEMORY_EMBEDDING_API_KEY", "PROVIDER=openai", "MODEL_NAME=m")]
    [InlineData("MEMORY_EMBEDDING_API_KEY", "PROVIDER=openai", "MODEL_NAME=m", "BASE_URL=https://api.openai.com/v1")]
    [InlineData("MEMORY_EMBEDDING_API_KEY", "PROVIDER=gemini", "MODEL_NAME=m")]
    [InlineData("MEMORY_EMBEDDING_API_KEY", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=two words")]
    [InlineData("MEMORY_EMBEDDING_API_KEY", "API_KEY=k")]
    [InlineData("MEMORY_EMBEDDING_API_KEY", "PROVIDER=local", "API_KEY=k")]
    [InlineData("MEMORY_EMBEDDING_BASE_URL", "BASE_URL=http://localhost/v1")]
    [InlineData("MEMORY_EMBEDDING_BASE_URL", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "BASE_URL=localhost:11434/v1")]
    [InlineData("MEMORY_EMBEDDING_BASE_URL", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "BASE_URL=ftp://localhost/v1")]
    [InlineData("MEMORY_EMBEDDING_BASE_URL", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "BASE_URL=http://u:p@localhost/v1")]
    [InlineData("MEMORY_EMBEDDING_BASE_URL", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "BASE_URL=http://localhost/v1?key=k")]
    [InlineData("MEMORY_EMBEDDING_MODEL_PATH", "MODEL_PATH=/nowhere/model.onnx")]
    [InlineData("MEMORY_EMBEDDING_MODEL_PATH", "PROVIDER=static", "MODEL_PATH=/nowhere/model.onnx")]
    [InlineData("MEMORY_EMBEDDING_POOLING", "POOLING=cls")]
    [InlineData("MEMORY_EMBEDDING_POOLING", "POOLING=max")]
    [InlineData("MEMORY_EMBEDDING_QUESTION_PREFIX", "QUESTION_PREFIX=query:")]
    [InlineData("MEMORY_EMBEDDING_LOCAL_TOKENS_MAX", "LOCAL_TOKENS_MAX=513")]
    [InlineData("MEMORY_EMBEDDING_DIMENSIONS", "DIMENSIONS=128")]
    [InlineData("MEMORY_EMBEDDING_DIMENSIONS", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "DIMENSIONS=0")]
    [InlineData("MEMORY_EMBEDDING_DIMENSIONS", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "DIMENSIONS=4001")]
    [InlineData("MEMORY_EMBEDDING_BATCH_MAX", "PROVIDER=gemini", "MODEL_NAME=m", "API_KEY=k", "BATCH_MAX=101")]
    [InlineData("MEMORY_EMBEDDING_BATCH_MAX_CHARACTERS", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "BATCH_MAX_CHARACTERS=7999")]
    [InlineData("MEMORY_EMBEDDING_CIRCUIT_WINDOW_SECONDS", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "TIMEOUT_SECONDS=30")]
    [InlineData("MEMORY_EMBEDDING_CIRCUIT_FAILURE_RATIO", "PROVIDER=openai", "MODEL_NAME=m", "API_KEY=k", "CIRCUIT_FAILURE_RATIO=0")]
    public void What_does_not_fit_is_refused_by_name(string name, params string[] values) =>
        Assert.StartsWith($"{name}: ", Assert.Single(Read(values).Errors), StringComparison.Ordinal);

    [Fact]
    public async Task A_start_with_wrong_settings_tells_all_of_them_and_no_secret()
    {
        var ended = await MemoryProcess.RunAsync(
            ["MEMORY_EMBEDDING_PROVIDER=gemini", "MEMORY_EMBEDDING_DIMENSIONS=many", "MEMORY_EMBEDDING_API_KEY=not a key",
            "MEMORY_EMBEDDING_BASE_URL=http://me:secret@localhost"], "serve");
        Assert.Equal(78, ended.ExitCode);
        foreach (var name in new[] { "MODEL_NAME", "DIMENSIONS", "API_KEY", "BASE_URL" })
            Assert.Contains($"MEMORY_EMBEDDING_{name}: ", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not a key", ended.Error, StringComparison.Ordinal);
    }

    private static (EmbeddingSettings Settings, IReadOnlyList<string> Errors) Read(params string[] values)
    {
        var settings = new MemorySettings(new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(static value => value.Split('=', 2))
            .Select(static pair => KeyValuePair.Create($"MEMORY_EMBEDDING_{pair[0]}", (string?)pair[1])))
            .Build());
        return (EmbeddingSettings.Read(settings), settings.Errors);
    }
}
