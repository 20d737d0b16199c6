using MemoryOrleans.Client;

namespace MemoryOrleans.Cli.Connecting;

/// <summary>One memory and the client that talks to it.</summary>
internal sealed class Connection : IDisposable
{
    private readonly HttpClient http;
    private readonly HttpClient patient;

    public Connection(Uri address, string? apiKey)
    {
        Address = address.ToString().TrimEnd('/');

        // A proxy that the environment names reaches other machines, never this one.
        var handler = new SocketsHttpHandler { UseProxy = !address.IsLoopback };
        http = new HttpClient(handler) { BaseAddress = new Uri(Address + "/") };
        patient = new HttpClient(handler, disposeHandler: false) { BaseAddress = http.BaseAddress, Timeout = Timeout.InfiniteTimeSpan };
        (Client, Streams) = (new MemoryClient(http, apiKey), new MemoryClient(patient, apiKey));
    }

    /// <summary>As it is shown, without a slash at the end.</summary>
    public string Address { get; }

    public MemoryClient Client { get; }

    /// <summary>For calls that take as long as they take.</summary>
    public MemoryClient Streams { get; }

    public void Dispose()
    {
        patient.Dispose();
        http.Dispose();
    }
}
