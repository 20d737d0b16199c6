using System.Text.Json;
using System.Text.Json.Nodes;
using MemoryOrleans.Client;

namespace MemoryOrleans.Tools;

/// <summary>One tool: what a model reads of it, and what it does.</summary>
public abstract class ToolDefinition
{
    private readonly JsonElement[] schemas = new JsonElement[8];

    private protected ToolDefinition(Type arguments)
    {
        var whole = ToolJson.SchemaOf(arguments);
        for (var shape = 0; shape < schemas.Length; shape++)
            schemas[shape] = Without(whole, shape);
        ScopedParameters = [.. ToolScope.Open.Parameters.Select(static each => each.Name)
            .Where(name => whole["properties"]!.AsObject().ContainsKey(name))];
    }

    /// <summary>Lower case with underscores, like <c>list_memories</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    /// <summary>For models: what it does, when to use it, what comes back.</summary>
    public required string Description { get; init; }

    /// <summary>True when it changes nothing.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>True when it can take something away for good.</summary>
    public bool IsDestructive { get; init; }

    /// <summary>True when calling it again with the same arguments changes nothing more.</summary>
    public bool IsIdempotent { get; init; }

    private IReadOnlyList<string> ScopedParameters { get; }

    /// <summary>The JSON schema of its arguments: without those that the scope fixes.</summary>
    public JsonElement SchemaFor(ToolScope scope) => schemas[scope.Shape];

    /// <summary>Does it; the answer is JSON, or plain text where that is what was asked for.</summary>
    /// <exception cref="ToolException">It could not be done; the message says to the model what to do.</exception>
    public async Task<string> RunAsync(MemoryClient client, ToolScope scope, JsonObject arguments, CancellationToken cancel)
    {
        foreach (var (name, value) in scope.Parameters)
        {
            if (value is not null && ScopedParameters.Contains(name))
                Fix(arguments, name, value);
        }

        try
        {
            return await RunAsync(client, arguments, cancel);
        }
        catch (JsonException wrong)
        {
            throw new ToolException(ToolFailure.Describe(wrong), wrong);
        }
        catch (MemoryApiException refusal)
        {
            throw new ToolException(ToolFailure.Describe(refusal), refusal);
        }
        catch (Exception silence) when (silence is HttpRequestException or HttpIOException
            or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new ToolException("The memory does not answer. Go on without it, and tell the user that nothing was recalled or stored.",
                silence);
        }
    }

    private protected abstract Task<string> RunAsync(MemoryClient client, JsonObject arguments, CancellationToken cancel);

    private static void Fix(JsonObject arguments, string name, string value)
    {
        if (arguments[name] is { } given && !(given.GetValueKind() == JsonValueKind.String && given.GetValue<string>() == value))
            throw new ToolException($"{name} is fixed by the configuration of this memory. Call again without it.");
        arguments[name] = value;
    }

    private static JsonElement Without(JsonNode whole, int shape)
    {
        var schema = whole.DeepClone().AsObject();
        var scope = new ToolScope((shape & 1) != 0 ? string.Empty : null, (shape & 2) != 0 ? string.Empty : null,
            (shape & 4) != 0 ? string.Empty : null);
        foreach (var (name, value) in scope.Parameters)
        {
            if (value is null)
                continue;
            schema["properties"]!.AsObject().Remove(name);
            if (schema["required"] is JsonArray required && required.FirstOrDefault(each => each!.GetValue<string>() == name) is { } there)
                required.Remove(there);
        }

        return JsonSerializer.SerializeToElement(schema);
    }
}

/// <summary>A tool whose arguments are a record.</summary>
/// <param name="run">Text is answered as it is, all else as JSON.</param>
internal sealed class ToolDefinition<T>(Func<MemoryClient, T, CancellationToken, Task<object>> run) : ToolDefinition(typeof(T))
    where T : class
{
    private protected override async Task<string> RunAsync(MemoryClient client, JsonObject arguments, CancellationToken cancel)
    {
        var read = arguments.Deserialize<T>(ToolJson.Arguments) ?? throw new JsonException();
        var answer = await run(client, read, cancel);
        return answer as string ?? JsonSerializer.Serialize(answer, answer.GetType(), ToolJson.Answers);
    }
}
