using System.Net.Sockets;
using MemoryOrleans.Composition;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;

// A process of the cluster, until a signal. Settings are MEMORY_* environment variables; those of the cluster begin with
// MEMORY_CLUSTER_. Exit codes as of `memory serve`: 78 settings, 74 store, 71 address.
try
{
    await using var app = await ComposeSilo.BuildAsync(WebApplication.CreateBuilder(args), CancellationToken.None);
    await app.RunAsync();
    return 0;
}
catch (SettingsException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 78;
}
catch (Exception wrong) when (OpenStore.IsExplained(wrong))
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 74;
}
catch (Exception wrong) when (wrong is SocketException or IOException { InnerException: AddressInUseException })
{
    await Console.Error.WriteLineAsync($"{wrong.Message.TrimEnd('.')}. MEMORY_URLS says where to listen.");
    return 71;
}
