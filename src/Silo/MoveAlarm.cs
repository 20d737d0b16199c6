using MemoryOrleans.Storage.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Silo;

/// <summary>Logs moves of tenants that this process could not end; another attempt follows by itself.</summary>
internal sealed partial class MoveAlarm(RoutedStore store, ILogger<MoveAlarm> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        store.MoveUnfinished = (tenant, failure) => LogUnfinished(log, tenant, failure);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The move of tenant {Tenant} could not be ended here; it is taken up again when it has been silent for a minute.")]
    private static partial void LogUnfinished(ILogger log, string tenant, Exception failure);
}
