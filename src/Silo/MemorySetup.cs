using MemoryOrleans.Settings;
using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Storage.Sealing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Silo;

/// <summary>
/// A memory's settings, read and found valid, with its store open: what a silo needs before it is built. Whoever opens it hands it
/// to a host, which disposes the store.
/// </summary>
public sealed class MemorySetup
{
    private readonly Action<IServiceCollection> addStore;

    private MemorySetup(HostSettings host, ClusterSettings cluster, Action<IServiceCollection> addStore) =>
        (Host, Cluster, this.addStore) = (host, cluster, addStore);

    /// <summary>Store, models, limits.</summary>
    public HostSettings Host { get; }

    /// <summary>How processes find each other.</summary>
    public ClusterSettings Cluster { get; }

    /// <summary>Reads MEMORY_* settings, and opens the store they name.</summary>
    /// <exception cref="SettingsException">A setting is not valid; says all that is wrong.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached; other failures that a person can mend:
    /// <see cref="OpenStore.IsExplained"/>.</exception>
    public static Task<MemorySetup> OpenAsync(IConfiguration configuration, CancellationToken cancel = default) =>
        OpenAsync(configuration, masters: null, cancel);

    /// <summary>
    /// As <see cref="OpenAsync(IConfiguration, CancellationToken)"/>, with texts encrypted under keys that are kept elsewhere.
    /// </summary>
    /// <param name="masters">Used instead of MEMORY_ENCRYPTION_KEYS; null: those.</param>
    public static Task<MemorySetup> OpenAsync(IConfiguration configuration, IMasterKeys? masters, CancellationToken cancel = default)
    {
        var settings = new MemorySettings(configuration);
        var (host, cluster) = Read(settings);
        settings.ThrowIfInvalid();
        return OpenAsync(masters is null ? host : host with { Store = host.Store.With(masters) }, cluster, cancel);
    }

    /// <summary>
    /// Reads, defines and checks all settings of a memory but the gateway's; errors are collected in <paramref name="settings"/>.
    /// </summary>
    internal static (HostSettings Host, ClusterSettings Cluster) Read(MemorySettings settings)
    {
        var host = HostSettings.Read(settings);
        var cluster = ClusterSettings.Read(settings);
        cluster.Check(settings, host.Store);
        return (host, cluster);
    }

    internal static async Task<MemorySetup> OpenAsync(HostSettings host, ClusterSettings cluster, CancellationToken cancel)
    {
        host.Embedding.CheckModel();
        // The store first: a release that is too old for it is refused before it has changed anything.
        return new MemorySetup(host, cluster, await OpenStore.OpenAsync(host.Store, cancel));
    }

    internal void AddStore(IServiceCollection services) => addStore(services);
}
