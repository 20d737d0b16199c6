using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Client;

/// <summary>Registers a memory's client.</summary>
public static class MemoryClientServiceCollectionExtensions
{
    /// <summary>One <see cref="MemoryClient"/> for the program, which retries what may be repeated.</summary>
    public static IServiceCollection AddMemoryClient(this IServiceCollection services, Action<MemoryClientOptions>? configure = null)
    {
        var options = new MemoryClientOptions();
        configure?.Invoke(options);
        return services.AddSingleton(_ => new ClientConnection(options))
            .AddSingleton(static services => services.GetRequiredService<ClientConnection>().Client);
    }

    /// <summary>The container disposes of the connection when the program ends.</summary>
    private sealed class ClientConnection : IDisposable
    {
        private readonly HttpClient http;

        public ClientConnection(MemoryClientOptions options)
        {
            http = options.CreateHttp();
            Client = new MemoryClient(http, options.ApiKey);
        }

        public MemoryClient Client { get; }

        public void Dispose() => http.Dispose();
    }
}
