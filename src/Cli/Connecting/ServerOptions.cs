using System.CommandLine;
using MemoryOrleans.Cli.Settings;
using MemoryOrleans.Settings;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Cli.Connecting;

/// <summary>The options of every command that talks to a memory.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string?> _base = new("--base")
    {
        Description = "Address of the memory. Default: MEMORY_BASE_URL, else http://127.0.0.1:8080",
        HelpName = "URL",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "API key, where the memory asks for one. Default: MEMORY_API_KEY, which keeps it out of the list of processes",
        HelpName = "KEY",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_base);
        command.Options.Add(_key);
    }

    /// <summary>A connection to the memory asked for; nothing is sent yet.</summary>
    /// <exception cref="UsageException">The address is no http address, or the key can't be one.</exception>
    public Connection Connect(ParseResult parsed)
    {
        var set = new MemorySettings(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        AllSettings.Read(set);
        foreach (var unknown in set.UnknownNames())
            Console.Error.WriteLine($"Warning: {unknown}");
        var settings = ClientSettings.Read(set);
        var (address, from) = parsed.GetValue(_base) is { } given ? (given, "--base") : (settings.BaseUrl, "MEMORY_BASE_URL");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            throw new UsageException($"{from} must be an address like http://127.0.0.1:8080, but is '{address}'.");
        var key = parsed.GetValue(_key) ?? settings.ApiKey;
        if (key is not null && (key.Length == 0 || key.AsSpan().ContainsAnyExceptInRange('!', '~')))
            throw new UsageException("The API key must be visible ASCII characters without spaces.");
        return new Connection(uri, key);
    }
}
