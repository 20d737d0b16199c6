using System.Text.Json;
using System.Text.Json.Nodes;
using MemoryOrleans.Client;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Tools;

/// <summary>
/// A tool for agents and chat clients of Microsoft.Extensions.AI. What cannot be done is answered as text: a model reads it and goes on.
/// </summary>
public sealed class MemoryFunction(ToolDefinition definition, MemoryClient client, ToolScope scope) : AIFunction
{
    public override string Name => definition.Name;

    public override string Description => definition.Description;

    public override JsonElement JsonSchema => definition.SchemaFor(scope);

    /// <summary>All tools, for <c>ChatOptions.Tools</c>.</summary>
    public static IReadOnlyList<AITool> CreateAll(MemoryClient client, ToolScope? scope = null) =>
        [.. MemoryToolbox.Definitions.Select(each => new MemoryFunction(each, client, scope ?? ToolScope.Open))];

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var given = new JsonObject();
        foreach (var (name, value) in arguments)
            given[name] = JsonSerializer.SerializeToNode(value, AIJsonUtilities.DefaultOptions);
        try
        {
            return await definition.RunAsync(client, scope, given, cancellationToken);
        }
        catch (ToolException refused)
        {
            return refused.Message;
        }
    }
}
