using MemoryOrleans.Hosting;
using MemoryOrleans.Settings;
using MemoryOrleans.Storage.Sealing;
using Microsoft.Extensions.Hosting;

namespace MemoryOrleans.Silo;

/// <summary>Puts the memory into a program that knows nothing of Orleans.</summary>
public static class HostBuilderExtensions
{
    /// <summary>
    /// Hosts the memory in this program, as <see cref="IMemoryHost"/>: a silo of its own that listens nowhere, over the store that the
    /// MEMORY_* settings of the program's configuration name (default: the SQLite file data/memory.db).
    /// </summary>
    /// <exception cref="SettingsException">A setting is not valid; says all that is wrong.</exception>
    /// <exception cref="InvalidOperationException">The settings ask for a part of a cluster.</exception>
    public static Task AddMemoryAsync(this IHostApplicationBuilder builder, CancellationToken cancel = default) =>
        builder.AddMemoryAsync(masters: null, cancel);

    /// <summary>
    /// As <see cref="AddMemoryAsync(IHostApplicationBuilder, CancellationToken)"/>, with texts encrypted under master keys that a key
    /// management service has.
    /// </summary>
    /// <param name="masters">Used instead of MEMORY_ENCRYPTION_KEYS; null: those.</param>
    public static async Task AddMemoryAsync(this IHostApplicationBuilder builder, IMasterKeys? masters, CancellationToken cancel = default)
    {
        var setup = await MemorySetup.OpenAsync(builder.Configuration, masters, cancel);
        if (!setup.Cluster.IsAlone)
            throw new InvalidOperationException("MEMORY_CLUSTER_ROLE asks for a process of a cluster; `memory serve` is one.");
        builder.UseOrleans(silo => silo.UseMemoryAlone(setup.Cluster).AddMemory(setup));
    }
}
