using System.Text.Json.Nodes;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>
/// What the OpenAPI document says of each call beyond its summary: a description and examples, by the operation's id. They stand
/// in operations.json, because examples are JSON.
/// </summary>
internal static class OperationTexts
{
    private static readonly JsonObject All = Read();

    public static IEnumerable<string> Ids => All.Select(static pair => pair.Key);

    public static string? DescriptionOf(string id) => (string?)All[id]?["description"];

    /// <summary>An example of the call's body; null when it takes none.</summary>
    public static JsonNode? BodyOf(string id) => All[id]?["body"]?.DeepClone();

    /// <summary>An example of the call's answer: of its success, or, by <paramref name="status"/>, of another.</summary>
    public static JsonNode? AnswerOf(string id, int? status = null) =>
        (status is null ? null : All[id]?[$"answer_{status}"]?.DeepClone()) ?? All[id]?["answer"]?.DeepClone();

    private static JsonObject Read()
    {
        using var file = typeof(OperationTexts).Assembly.GetManifestResourceStream("openapi/operations.json")!;
        return JsonNode.Parse(file)!.AsObject();
    }
}
