using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>What other systems export, record by record.</summary>
internal static class ForeignExports
{
    /// <summary>The formats by the words for <c>--format</c>.</summary>
    public static readonly IReadOnlyList<string> Names = ["mem0", "zep", "chatgpt", "langchain", "letta"];

    /// <param name="user">Whose it is, where the export does not say.</param>
    /// <param name="session">The session of messages that name none.</param>
    public static IEnumerable<ForeignRecord> Read(string format, JsonElement root, string? user, string? session) => format switch
    {
        "mem0" => Mem0Export.Read(root, user),
        "zep" => ZepExport.Read(root, user, session),
        "chatgpt" => ChatGptExport.Read(root, user),
        "langchain" => LangChainExport.Read(root, user, session),
        "letta" => LettaExport.Read(root, user, session),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>user or assistant, whatever the system calls them; other words as they are.</summary>
    public static string RoleOf(string type) => type switch
    {
        "human" or "user" or "HumanMessage" or "HumanMessageChunk" => "user",
        "ai" or "assistant" or "AIMessage" or "AIMessageChunk" => "assistant",
        _ => type,
    };

    /// <summary>Where a record stands in its export, for people.</summary>
    public static string Place(string noun, int index) => string.Create(CultureInfo.InvariantCulture, $"{noun} {index + 1}");
}
