namespace MemoryOrleans.Tools;

/// <summary>All tools, in the order that models are shown them.</summary>
public static class MemoryToolbox
{
    public static IReadOnlyList<ToolDefinition> Definitions { get; } = [.. MemoryTools.All, .. GraphTools.All];
}
