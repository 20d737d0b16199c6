using MemoryOrleans.Settings;
using MemoryOrleans.Tools;

namespace MemoryOrleans.Gateway.Mcp;

/// <summary>What MCP's tools speak of, where settings say so: of <c>memory serve</c> and <c>memory mcp</c> alike.</summary>
public static class McpSettings
{
    /// <summary>Reads and defines them; errors are collected in <paramref name="settings"/>.</summary>
    public static ToolScope Read(MemorySettings settings) => new(
        Id(settings, "MEMORY_MCP_USER", "The user that MCP's tools speak of; then user_id is no parameter of theirs. "
            + "Default: the header X-Memory-User, else each call says."),
        Id(settings, "MEMORY_MCP_AGENT", "The agent that MCP's tools speak for; likewise agent_id and X-Memory-Agent."),
        Id(settings, "MEMORY_MCP_SESSION", "The session that MCP's tools read; likewise session_id and X-Memory-Session."));

    private static string? Id(MemorySettings settings, string name, string description) =>
        settings.Read(new SettingDefinition(name, null, string.Empty, Identifiers.Form, description), null,
        static (string text, out string? value) =>
        {
            value = text;
            return Identifiers.IsValid(text);
        });
}
