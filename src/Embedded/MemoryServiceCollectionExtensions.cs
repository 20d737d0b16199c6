using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MemoryOrleans.Embedded;

public static class MemoryServiceCollectionExtensions
{
    /// <summary>
    /// Adds the single-process memory as <see cref="IMemoryHost"/>. The caller registers a store (as
    /// <see cref="ISessionStore"/>, <see cref="IRecallFeed"/> and <see cref="ITenantStore"/>) and an <see cref="IEmbedder"/>.
    /// </summary>
    public static IServiceCollection AddMemory(this IServiceCollection services, EmbeddedMemoryOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(static provider => new EmbeddedMemoryHost(
            provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<IRecallFeed>(),
            provider.GetRequiredService<ITenantStore>(),
            provider.GetRequiredService<IEmbedder>(),
            provider.GetRequiredService<TimeProvider>(),
            static () => Guid.CreateVersion7().ToString("n"),
            provider.GetRequiredService<EmbeddedMemoryOptions>()));
        services.AddSingleton<IMemoryHost>(static provider => provider.GetRequiredService<EmbeddedMemoryHost>());
        services.AddHostedService<MemorySweeper>();
        return services;
    }
}
