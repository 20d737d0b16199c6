using System.Globalization;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Local;
using MemoryOrleans.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Cli.Doctor;

/// <summary>Whether the model that the settings choose turns a word into a vector.</summary>
internal static class CheckEmbedder
{
    private const string Check = "embedder";

    public static async Task<Finding> RunAsync(EmbeddingSettings settings, CancellationToken cancel)
    {
        if (settings is { Local: null, Neural: null })
            return Finding.Ok(Check, "word vectors alone (static): they are built in");
        await using var services = Build(settings);
        try
        {
            if (services.GetService<ITextEmbedder>() is not { } embedder)
                return Finding.Warning(Check, "the local model cannot run here",
                    "Recall goes on with word vectors alone; MEMORY_EMBEDDING_PROVIDER=static says so.");
            var vectors = await embedder.EmbedAsync(embedder.Model, embedder.Dimensions, ["tortoise"], TextRole.Question, cancel);
            return Finding.Ok(Check,
                string.Create(CultureInfo.InvariantCulture, $"{embedder.Model} answers with {vectors[0].Length} dimensions"));
        }
        catch (LocalModelUnavailableException lack)
        {
            return Finding.Warning(Check, lack.Message,
                "Recall goes on with word vectors alone; MEMORY_EMBEDDING_PROVIDER=static says so.");
        }
        catch (EmbedderException failure)
        {
            return Finding.Wrong(Check, failure.Message,
                "Check MEMORY_EMBEDDING_BASE_URL, _API_KEY and _MODEL_NAME, and that the model's server runs.");
        }
    }

    private static ServiceProvider Build(EmbeddingSettings settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        settings.AddTo(services, loads: false);
        return services.BuildServiceProvider();
    }
}
