using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MemoryOrleans.Engine;

public static class EngineServiceCollectionExtensions
{
    /// <summary>
    /// Adds the engine and what runs it for the life of the process. The caller registers a store (as
    /// <see cref="ISessionStore"/>, <see cref="IRecallFeed"/>, <see cref="ITenantStore"/>, <see cref="IDueStore"/>,
    /// <see cref="IVectorStore"/>, <see cref="IGraphStore"/>, <see cref="IMemoryStore"/>, <see cref="IErasureStore"/>,
    /// <see cref="IAuditStore"/>,
    /// <see cref="ITransferStore"/> and <see cref="IEventStore"/>), an <see cref="IEmbedder"/>, the <see cref="ISessionWriters"/>, an
    /// <see cref="IForgetting"/> and, for
    /// neural vectors, an <see cref="ITextEmbedder"/>. A registered <see cref="IDistiller"/> takes the place of the extractive one;
    /// without an <see cref="IWebhookSender"/> webhooks wait for a process that has one.
    /// </summary>
    public static IServiceCollection AddMemoryEngine(this IServiceCollection services, EngineOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(static provider => new MemoryStores(
            provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<IRecallFeed>(),
            provider.GetRequiredService<ITenantStore>(),
            provider.GetRequiredService<IDueStore>(),
            provider.GetRequiredService<IVectorStore>(),
            provider.GetRequiredService<IGraphStore>(),
            provider.GetRequiredService<IMemoryStore>(),
            provider.GetRequiredService<IErasureStore>(),
            provider.GetRequiredService<IAuditStore>(),
            provider.GetRequiredService<ITransferStore>(),
            provider.GetRequiredService<IEventStore>()));
        services.AddSingleton(static provider => new MemoryEngine(
            provider.GetRequiredService<MemoryStores>(),
            new EngineModels(provider.GetRequiredService<IEmbedder>(), provider.GetService<ITextEmbedder>(),
            provider.GetService<IDistiller>()),
            provider.GetRequiredService<ISessionWriters>(),
            provider.GetRequiredService<IForgetting>(),
            provider.GetRequiredService<TimeProvider>(),
            static () => Guid.CreateVersion7().ToString("n"),
            provider.GetRequiredService<EngineOptions>(),
            provider.GetService<IWebhookSender>()));
        services.AddHostedService<MemorySweeper>();
        services.AddHostedService<DueLoop>();
        return services;
    }
}
