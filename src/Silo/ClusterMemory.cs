using System.Security.Cryptography;
using MemoryOrleans.Embedded;
using MemoryOrleans.Grains;
using MemoryOrleans.Hosting;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Silo;

internal static class ClusterMemory
{
    /// <summary>
    /// Adds the cluster's memory as <see cref="IMemoryHost"/>, and under it the memory of this process, which grains stand on. The
    /// caller registers a store, embedders, and Orleans. Shards of due work come with the grains that hold them: a process
    /// without grains does none.
    /// </summary>
    public static IServiceCollection AddClusterMemory(this IServiceCollection services, EmbeddedMemoryOptions options, ClusterCallLimits calls)
    {
        var shards = new DueShards();
        services.AddMemory(options with { Shards = shards });
        services.AddSingleton(provider => new SiloMemory(
            provider.GetRequiredService<EmbeddedMemoryHost>(), provider.GetRequiredService<ISessionStore>(), NewId, options.Distillation, shards));
        services.AddSingleton(provider => new ClusterCalls(calls, provider.GetRequiredService<TimeProvider>(), Chance));
        services.AddSingleton<TenantQuotas>();
        services.AddSingleton<IMemoryHost>(static provider => new ClusterMemoryHost(
            provider.GetRequiredService<EmbeddedMemoryHost>(), provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<ClusterCalls>(), provider.GetRequiredService<TenantQuotas>(),
            provider.GetRequiredService<TimeProvider>(), NewId));
        return services;
    }

    private static string NewId() => Guid.CreateVersion7().ToString("n");

    private static double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
