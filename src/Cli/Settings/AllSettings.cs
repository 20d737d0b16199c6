using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Settings;
using MemoryOrleans.Silo.Configuration;

namespace MemoryOrleans.Cli.Settings;

/// <summary>Every setting that any command reads.</summary>
internal static class AllSettings
{
    /// <summary>Reads, defines and checks them, each by itself and those of a cluster beside its store.</summary>
    public static (HostSettings Host, GatewayOptions Gateway) Read(MemorySettings settings)
    {
        var host = HostSettings.Read(settings);
        var gateway = GatewayOptions.Read(settings);
        ClusterSettings.Read(settings).Check(settings, host.Store);
        ClientSettings.Read(settings);
        return (host, gateway);
    }
}
