using System.Net;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Settings;

/// <summary>The addresses to listen on.</summary>
internal static class ListenUrls
{
    public const string Form = "http://HOST:PORT or https://HOST:PORT, several separated by commas or semicolons";

    public static bool TryParse(string text, out IReadOnlyList<string> urls)
    {
        urls = text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return urls.Count > 0 && urls.All(IsListenable);
    }

    /// <summary>True where HTTPS is spoken.</summary>
    public static bool IsSecure(string url) => BindingAddress.Parse(url).Scheme == "https";

    /// <summary>True when only this machine can connect. A host name other than localhost binds every address.</summary>
    public static bool IsLoopback(string url)
    {
        var host = BindingAddress.Parse(url).Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    private static bool IsListenable(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address is { Scheme: "http" or "https", PathBase: "", Host.Length: > 0, Port: >= 0 and <= 65535 };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
