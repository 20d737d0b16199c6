using MemoryOrleans.Client;

namespace MemoryOrleans.Gateway.InProcess;

/// <summary>The memory of this process by the same client as a memory elsewhere.</summary>
public static class InProcessMemory
{
    /// <summary>A client of the gateway that <paramref name="services"/> belong to, once it has been started.</summary>
    public static HttpClient CreateHttp(IServiceProvider services) =>
        new(new InProcessHandler(services, carrier: null)) { BaseAddress = InProcessHandler.Address, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>A client that acts for a request under way: with its credentials, as part of it.</summary>
    internal static MemoryClient ClientFor(Microsoft.AspNetCore.Http.HttpContext carrier) =>
        new(new HttpClient(new InProcessHandler(carrier.RequestServices, carrier)) { BaseAddress = InProcessHandler.Address,
        Timeout = Timeout.InfiniteTimeSpan });
}
