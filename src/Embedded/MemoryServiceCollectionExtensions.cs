using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Erasures;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MemoryOrleans.Embedded;

public static class MemoryServiceCollectionExtensions
{
    /// <summary>
    /// Adds the single-process memory as <see cref="IMemoryHost"/>. The caller registers a store (as
    /// <see cref="ISessionStore"/>, <see cref="IRecallFeed"/>, <see cref="ITenantStore"/>, <see cref="IDueStore"/>,
    /// <see cref="IVectorStore"/>, <see cref="IGraphStore"/>, <see cref="IMemoryStore"/>, <see cref="IErasureStore"/>, <see cref="IAuditStore"/>
    /// and <see cref="ITransferStore"/>), an <see cref="IEmbedder"/> and, for
    /// neural vectors, an <see cref="ITextEmbedder"/>. A registered <see cref="IDistiller"/> takes the place of the extractive one.
    /// </summary>
    public static IServiceCollection AddMemory(this IServiceCollection services, EmbeddedMemoryOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(static provider => new EmbeddedMemoryHost(
            new MemoryStores(
                provider.GetRequiredService<ISessionStore>(),
                provider.GetRequiredService<IRecallFeed>(),
                provider.GetRequiredService<ITenantStore>(),
                provider.GetRequiredService<IDueStore>(),
                provider.GetRequiredService<IVectorStore>(),
                provider.GetRequiredService<IGraphStore>(),
                provider.GetRequiredService<IMemoryStore>(),
                provider.GetRequiredService<IErasureStore>(),
                provider.GetRequiredService<IAuditStore>(),
                provider.GetRequiredService<ITransferStore>()),
            provider.GetRequiredService<IEmbedder>(),
            provider.GetService<ITextEmbedder>(),
            provider.GetRequiredService<TimeProvider>(),
            static () => Guid.CreateVersion7().ToString("n"),
            provider.GetRequiredService<EmbeddedMemoryOptions>(),
            provider.GetService<IDistiller>()));
        services.AddSingleton<IMemoryHost>(static provider => provider.GetRequiredService<EmbeddedMemoryHost>());
        services.AddHostedService<MemorySweeper>();
        services.AddHostedService<DueLoop>();
        return services;
    }
}
