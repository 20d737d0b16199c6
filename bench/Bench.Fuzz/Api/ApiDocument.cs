using System.Text.Json;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <param name="In">path, query or header.</param>
internal sealed record ApiParameter(string Name, string In, bool IsRequired, JsonElement Schema);

/// <param name="BodyType">Media type of the body; null without one.</param>
internal sealed record ApiOperation(
    string Id, string Method, string Path, IReadOnlyList<ApiParameter> Parameters, string? BodyType, JsonElement? Body);

/// <summary>The service's own description of itself: what can be called, and with what.</summary>
internal sealed class ApiDocument
{
    private readonly JsonElement root;

    private ApiDocument(JsonElement root)
    {
        this.root = root;
        Operations = [.. root.GetProperty("paths").EnumerateObject().SelectMany(ReadPath)];
    }

    public IReadOnlyList<ApiOperation> Operations { get; }

    public static ApiDocument Parse(string json) => new(JsonElement.Parse(json));

    /// <summary>The schema itself, where it is a reference or a choice of one and null.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        while (true)
        {
            if (schema.TryGetProperty("$ref", out var reference))
            {
                schema = reference.GetString()!["#/".Length..].Split('/').Aggregate(root, static (at, name) => at.GetProperty(name));
            }
            else if (schema.TryGetProperty("oneOf", out var choices) || schema.TryGetProperty("anyOf", out choices))
            {
                schema = choices[0];
            }
            else
            {
                return schema;
            }
        }
    }

    private IEnumerable<ApiOperation> ReadPath(JsonProperty path) =>
        path.Value.EnumerateObject().Where(static each => each.Value.TryGetProperty("operationId", out _))
        .Select(each => Read(path.Name, each));

    private ApiOperation Read(string path, JsonProperty method)
    {
        var parameters = method.Value.TryGetProperty("parameters", out var list)
            ? list.EnumerateArray().Select(ReadParameter).ToArray()
            : [];
        var (bodyType, body) = ((string?)null, (JsonElement?)null);
        if (method.Value.TryGetProperty("requestBody", out var requestBody))
        {
            var content = requestBody.GetProperty("content").EnumerateObject().First();
            (bodyType, body) = (content.Name, content.Value.GetProperty("schema"));
        }

        return new ApiOperation(method.Value.GetProperty("operationId").GetString()!, method.Name.ToUpperInvariant(), path, parameters,
            bodyType, body);
    }

    private ApiParameter ReadParameter(JsonElement parameter)
    {
        parameter = Resolve(parameter);
        return new ApiParameter(
            parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString()!,
            parameter.TryGetProperty("required", out var required) && required.GetBoolean(), parameter.GetProperty("schema"));
    }
}
