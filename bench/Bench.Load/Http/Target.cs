using System.Net;

namespace MemoryOrleans.Bench.Load.Http;

/// <summary>The server under load. Only a loopback address is accepted: this program floods what it is pointed at.</summary>
internal sealed record Target(IPEndPoint EndPoint)
{
    public string Authority => EndPoint.ToString();

    /// <summary>Reads an address.</summary>
    /// <exception cref="UsageException">The address is not <c>http://</c> on loopback.</exception>
    public static Target Parse(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/")
            throw new UsageException($"'{address}' is not of the form http://127.0.0.1:PORT.");
        var host = uri.Host.Trim('[', ']');
        var parsed = host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var ip) ? ip : null;
        if (parsed is null || !IPAddress.IsLoopback(parsed))
            throw new UsageException($"'{address}' is not a loopback address; this generator loads nothing else.");
        return new Target(new IPEndPoint(parsed, uri.Port));
    }
}
