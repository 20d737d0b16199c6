using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Silo;

/// <summary>
/// Puts the local model into a process: loaded beside its start, and where it cannot run, a warning and word vectors alone.
/// </summary>
internal sealed partial class LocalModel(IServiceProvider services, ILogger<LocalModel> log) : BackgroundService
{
    /// <summary>Adds it as <see cref="ITextEmbedder"/>, none where it cannot run; the container disposes it.</summary>
    /// <param name="loads">False: it is loaded when first asked.</param>
    public static void AddTo(IServiceCollection services, LocalModelOptions options, bool loads)
    {
        services.AddSingleton<ITextEmbedder>(provider => Open(provider, options)!);
        if (loads)
            services.AddHostedService<LocalModel>();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<ITextEmbedder>() is not LocalEmbedder embedder)
            return;
        try
        {
            await embedder.WarmUpAsync(stoppingToken);
        }
        catch (LocalModelUnavailableException lack)
        {
            CannotRun(log, lack.Message);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops before the model is loaded.
        }
    }

    private static LocalEmbedder? Open(IServiceProvider provider, LocalModelOptions options)
    {
        try
        {
            return new LocalEmbedder(options, provider.GetService<TimeProvider>() ?? TimeProvider.System,
                provider.GetRequiredService<IMeterFactory>());
        }
        catch (LocalModelUnavailableException lack)
        {
            CannotRun(provider.GetRequiredService<ILogger<LocalModel>>(), lack.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lack} Recall goes on with word vectors alone.")]
    private static partial void CannotRun(ILogger log, string lack);
}
