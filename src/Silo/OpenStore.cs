using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Storage.Postgres;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Storage.Sqlite;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Silo;

/// <summary>Opens the store that the settings choose, and tells which failures to open one end in a sentence.</summary>
public static class OpenStore
{
    /// <summary>Opens the store; what adds it to a container, which disposes it after everything that uses it.</summary>
    internal static async Task<Action<IServiceCollection>> OpenAsync(StoreSettings settings, CancellationToken cancel)
    {
        if (settings.Postgres is { } home && settings.Further.Count > 0)
        {
            var routed = await RoutedStore.OpenAsync(home, settings.Further, TimeProvider.System, cancel);
            return services =>
            {
                services.AddHostedService(provider => new MoveAlarm(routed, provider.GetRequiredService<ILogger<MoveAlarm>>()));
                Add(services, routed);
            };
        }

        if (settings.Postgres is { } postgres)
        {
            var server = await PostgresStore.OpenAsync(postgres, TimeProvider.System, cancel);
            try
            {
                await server.CheckAloneAsync(cancel);
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }

            return services => Add(services, server);
        }

        var file = await SqliteStore.OpenAsync(settings.Sqlite!, TimeProvider.System, cancel);
        return services => AddSqlite(services, file);
    }

    /// <summary>True for what a person can mend: the server, the role, the file.</summary>
    public static bool IsExplained(Exception failure) => failure
        is SqliteLibraryException or StoreLockedException or SqliteStoreException or StoreNotOpenedException
        or StoreUnavailableException or StoreSealedException or StoreIsolationException or StoreServerUnfitException
        or StoreSchemaTooNewException;

    private static void AddSqlite(IServiceCollection services, SqliteStore store)
    {
        services.AddHostedService(provider => new StoreAlarm(store, provider.GetRequiredService<ILogger<StoreAlarm>>()));
        Add(services, store);
    }

    private static void Add<TStore>(IServiceCollection services, TStore store)
        where TStore : class, ISessionStore, IRecallFeed, ITenantStore, IDueStore, IVectorStore, IGraphStore, IMemoryStore, IErasureStore,
            IAuditStore,
            ITransferStore, IEventStore
    {
        // Made by a factory, so that the container disposes it.
        services.AddSingleton(_ => store);
        services.AddSingleton<ISessionStore>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IRecallFeed>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<ITenantStore>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IDueStore>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IVectorStore>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IGraphStore>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IMemoryStore>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IErasureStore>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IAuditStore>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<ITransferStore>(static provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IEventStore>(static provider => provider.GetRequiredService<TStore>());
        if (store is IDatabaseOperations databases)
            services.AddSingleton(databases);
    }
}
