using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace MemoryOrleans.Gateway.Tests.Mcp;

/// <summary>The SDK's own client at a gateway's /mcp.</summary>
internal static class McpConnection
{
    public static Task<McpClient> ConnectAsync(RunningGateway gateway, string? key = null, params (string Name, string Value)[] headers)
    {
        var options = new HttpClientTransportOptions
        {
            Endpoint = new Uri(gateway.Address, "mcp"), TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = headers.ToDictionary(static each => each.Name, static each => each.Value, StringComparer.Ordinal),
        };
        if (key is not null)
            options.AdditionalHeaders["Authorization"] = "Bearer " + key;
        return McpClient.CreateAsync(new HttpClientTransport(options));
    }

    /// <summary>Calls a tool that must succeed, and reads its answer.</summary>
    public static async Task<JsonElement> AskAsync(this McpClient client, string tool, object arguments)
    {
        var answer = await client.CallAsync(tool, arguments);
        Assert.False(answer.IsError ?? false, TextOf(answer));
        return JsonSerializer.Deserialize<JsonElement>(TextOf(answer));
    }

    /// <summary>Calls a tool that must refuse, and answers what it tells the model.</summary>
    public static async Task<string> RefusedAsync(this McpClient client, string tool, object arguments)
    {
        var answer = await client.CallAsync(tool, arguments);
        Assert.True(answer.IsError, TextOf(answer));
        return TextOf(answer);
    }

    public static ValueTask<CallToolResult> CallAsync(this McpClient client, string tool, object arguments) =>
        client.CallToolAsync(tool,
        JsonSerializer.SerializeToElement(arguments).EnumerateObject()
        .ToDictionary(static each => each.Name, static each => (object?)each.Value, StringComparer.Ordinal));

    public static string TextOf(CallToolResult answer) => Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text;
}
