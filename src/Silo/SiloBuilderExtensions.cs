using System.Security.Cryptography;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Engine;
using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Grains;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Silo.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Serialization;

namespace MemoryOrleans.Silo;

/// <summary>Puts the memory into a silo.</summary>
public static class SiloBuilderExtensions
{
    /// <summary>
    /// Hosts the memory in this silo, beside whatever grains the program has: <see cref="ISessionGrain"/>, <see cref="IRecallGrain"/> and
    /// <see cref="ITenantGrain"/> to call, and <see cref="IMemoryHost"/> for all of it. The silo needs clustering and a reminder service
    /// of the program's choice; every silo of its cluster must have the memory, over the same store.
    /// </summary>
    /// <param name="setup">Of
    /// <see cref="MemorySetup.OpenAsync(Microsoft.Extensions.Configuration.IConfiguration, CancellationToken)"/>.</param>
    public static ISiloBuilder AddMemory(this ISiloBuilder silo, MemorySetup setup)
    {
        setup.AddStore(silo.Services);
        silo.Services.AddModels(setup.Host);
        return silo.AddMemory(setup.Host.Memory, setup.Cluster.Calls, setup.Host.Reminders);
    }

    /// <summary>The same over a store and models that are registered already.</summary>
    internal static ISiloBuilder AddMemory(this ISiloBuilder silo, EngineOptions options, GrainCallLimits calls, ShardReminders reminders)
    {
        var shards = new DueShards();
        silo.Services.AddSingleton(shards).AddSingleton(reminders);
        silo.Services.AddMemoryHost(options with { Shards = shards }, calls);
        silo.Services.AddSingleton<SiloForgettingClient>();
        silo.Services.AddSingleton(provider => new ShardKeeper.Pace(options.LooksForDueWork ? ShardKeeper.Pace.Often : null));
        silo.Services.AddHostedService<ShardKeeper>();
        if (reminders.Period < ShardReminders.Default.Period)
            silo.Services.Configure<ReminderOptions>(limits => limits.MinimumReminderPeriod = reminders.Period);
        silo.AddGrainService<SiloForgetting>();
        silo.AddIncomingGrainCallFilter<CallGuard>();
        silo.AddActivityPropagation();
        return silo;
    }

    /// <summary>
    /// Adds <see cref="IMemoryHost"/> and the engine of this process. In a process without grains no due work is done, as no shard is held.
    /// </summary>
    internal static IServiceCollection AddMemoryHost(this IServiceCollection services, EngineOptions options, GrainCallLimits calls)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IWebhookSender>(_ => new HttpWebhookSender(options.Webhooks));
        services.SendExceptions();
        services.AddMemoryEngine(options with { Shards = options.Shards ?? new DueShards() });
        services.AddSingleton<ISessionWriters, GrainSessionWriters>();
        services.AddSingleton<IForgetting, GrainForgetting>();
        services.AddSingleton<ActivationCount>();
        services.AddSingleton(provider => new GrainCalls(calls, provider.GetRequiredService<TimeProvider>(), Chance));
        services.AddSingleton<TenantQuotas>();
        services.AddSingleton<IMemoryHost>(static provider =>
        {
            var engine = provider.GetRequiredService<MemoryEngine>();
            var activations = provider.GetRequiredService<ActivationCount>();
            engine.SessionActors = () => activations.Active;
            return new GrainMemoryHost(
                engine, provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<GrainCalls>(),
                provider.GetRequiredService<TenantQuotas>(), provider.GetRequiredService<TimeProvider>(), static () =>
                Guid.CreateVersion7().ToString("n"));
        });
        return services;
    }

    /// <summary>What turns texts into vectors and turns into episodes, as the settings choose; the same in every role.</summary>
    /// <param name="ranks">False in a process that neither recalls nor embeds: a model is then loaded when it is first asked, if
    /// ever.</param>
    internal static IServiceCollection AddModels(this IServiceCollection services, HostSettings host, bool ranks = true)
    {
        services.AddSingleton<IEmbedder, StaticEmbedder>();
        host.Embedding.AddTo(services, ranks);
        host.Chat.AddTo(services);
        return services;
    }

    /// <summary>
    /// Lets silos and gateways tell each other their failures as they are, with the database client's inside: else a store that is away
    /// is answered by a process without it as a fault of the service.
    /// </summary>
    internal static IServiceCollection SendExceptions(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(static each =>
        each.SupportedNamespacePrefixes.UnionWith(["MemoryOrleans", "Npgsql"]));

    private static double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
