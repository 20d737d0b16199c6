using MemoryOrleans.Settings;

namespace MemoryOrleans.Cli.Connecting;

/// <summary>Where the commands that talk to a memory find it, unless their options say so.</summary>
internal sealed record ClientSettings(string BaseUrl, string? ApiKey)
{
    /// <summary>Reads and defines both; any text is taken, since it stands in for an option that is checked when used.</summary>
    public static ClientSettings Read(MemorySettings settings) => new(
        settings.Text(
            "MEMORY_BASE_URL", "http://127.0.0.1:8080", "http://HOST:PORT or https://HOST[:PORT]",
            "Where the commands import, recall, health and summary find the memory, unless --base says so. `serve` does not use it.")!,
        settings.Text(
            "MEMORY_API_KEY", null, "one key of the memory's MEMORY_API_KEYS, without tenant and scopes",
            "The API key that these commands send, unless --key says so. `serve` does not use it.",
            secret: true));
}
