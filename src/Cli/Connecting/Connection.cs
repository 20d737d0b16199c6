using MemoryOrleans.Client;

namespace MemoryOrleans.Cli.Connecting;

/// <summary>One memory and the client that talks to it.</summary>
internal sealed class Connection : IDisposable
{
    private readonly HttpClient http;

    public Connection(Uri address, string? apiKey)
    {
        Address = address.ToString().TrimEnd('/');

        // A proxy that the environment names reaches other machines, never this one.
        http = new HttpClient(new SocketsHttpHandler { UseProxy = !address.IsLoopback })
        {
            BaseAddress = new Uri(Address + "/"),
        };
        Client = new MemoryClient(http, apiKey);
    }

    /// <summary>As it is shown, without a slash at the end.</summary>
    public string Address { get; }

    public MemoryClient Client { get; }

    public void Dispose() => http.Dispose();
}
