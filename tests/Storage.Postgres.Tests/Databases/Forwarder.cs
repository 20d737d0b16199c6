using System.Net;
using System.Net.Sockets;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>A port that leads to a server until it is cut: then open connections end, and new ones are refused.</summary>
internal sealed class Forwarder : IAsyncDisposable
{
    private readonly IPEndPoint target;
    private readonly List<TcpClient> clients = [];
    private readonly Lock gate = new();
    private TcpListener listener;
    private Task accepting;

    private Forwarder(IPEndPoint target)
    {
        this.target = target;
        Port = FreePorts.Next();
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        accepting = AcceptAsync(listener);
    }

    /// <summary>Nobody else is given it while it is cut.</summary>
    public int Port { get; }

    /// <summary>The same URL by way of the forwarder, which is on this machine.</summary>
    public static (Forwarder Forwarder, string Url) To(string url)
    {
        var uri = new Uri(url);
        var forwarder = new Forwarder(new IPEndPoint(IPAddress.Loopback, uri.Port));
        return (forwarder, new UriBuilder(uri) { Host = "127.0.0.1", Port = forwarder.Port }.Uri.AbsoluteUri);
    }

    public async Task CutAsync()
    {
        listener.Stop();
        await accepting;
        lock (gate)
        {
            clients.ForEach(static each => each.Dispose());
            clients.Clear();
        }
    }

    public void Mend()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        accepting = AcceptAsync(listener);
    }

    public async ValueTask DisposeAsync() => await CutAsync();

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
                _ = ForwardAsync(await from.AcceptTcpClientAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task ForwardAsync(TcpClient inner)
    {
        var outer = new TcpClient();
        lock (gate)
            clients.AddRange([inner, outer]);
        try
        {
            await outer.ConnectAsync(target);
            await Task.WhenAny(inner.GetStream().CopyToAsync(outer.GetStream()), outer.GetStream().CopyToAsync(inner.GetStream()));
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // Cut, or closed by one of the two.
        }
        finally
        {
            inner.Dispose();
            outer.Dispose();
        }
    }
}
