using MemoryOrleans.Storage.Sqlite;
using MemoryOrleans.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Silo;

/// <summary>Logs what ends the store's writing, once, as critical: somebody has to see to it.</summary>
internal sealed partial class StoreAlarm(SqliteStore store, ILogger<StoreAlarm> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        store.Failed += Tell;
        if (store.StoppedBy is { } reason)
            LogStopped(log, reason.Message);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        store.Failed -= Tell;
        return Task.CompletedTask;
    }

    private void Tell(object? sender, StoreFailedEventArgs failure)
    {
        if (failure.IsFinal)
            LogStopped(log, failure.Error.Message);
        else if (failure.Operation == "integrity_check")
            LogUnchecked(log, failure.Error.Message);
    }

    [LoggerMessage(1, LogLevel.Critical, "The store writes nothing more, and the service is not ready: {Reason}")]
    private static partial void LogStopped(ILogger log, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The database file could not be checked for damage: {Reason}")]
    private static partial void LogUnchecked(ILogger log, string reason);
}
