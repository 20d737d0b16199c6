using MemoryOrleans.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Agents;

/// <summary>Registers memory for agents in one line.</summary>
public static class MemoryAgentServiceCollectionExtensions
{
    /// <summary>
    /// A <see cref="MemoryClient"/>, a <see cref="MemoryContextProvider"/> and a <see cref="MemoryChatHistoryProvider"/>: use the one or
    /// the other for storing, or both with <see cref="MemoryContextOptions.Stores"/> false.
    /// </summary>
    public static IServiceCollection AddAgentMemory(
        this IServiceCollection services, Action<MemoryClientOptions> connect,
        Action<MemoryContextOptions>? context = null, Action<MemoryChatHistoryOptions>? history = null)
    {
        var contextOptions = new MemoryContextOptions();
        context?.Invoke(contextOptions);
        var historyOptions = new MemoryChatHistoryOptions();
        history?.Invoke(historyOptions);
        return services.AddMemoryClient(connect)
            .AddSingleton(each => new MemoryContextProvider(
                each.GetRequiredService<MemoryClient>(), contextOptions, each.GetService<ILogger<MemoryContextProvider>>()))
            .AddSingleton(each => new MemoryChatHistoryProvider(
                each.GetRequiredService<MemoryClient>(), historyOptions, each.GetService<ILogger<MemoryChatHistoryProvider>>()));
    }
}
