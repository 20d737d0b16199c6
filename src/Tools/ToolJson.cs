using System.ComponentModel;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Tools;

/// <summary>How arguments are read and described, and answers written: short, since models pay for every character.</summary>
internal static class ToolJson
{
    public static readonly JsonSerializerOptions Arguments = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static readonly JsonSerializerOptions Answers = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new Rfc3339Converter() },
    };

    private static readonly JsonSchemaExporterOptions Exporting =
        new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };

    public static JsonNode SchemaOf(Type arguments) => Arguments.GetJsonSchemaAsNode(arguments, Exporting);

    /// <summary>Adds descriptions and words; leaves out that what may be absent may also be null.</summary>
    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;
        if (schema["type"] is JsonArray types)
            schema["type"] = types.Select(static each => each!.GetValue<string>()).First(static each => each != "null");
        schema.Remove("default");
        if (context.PropertyInfo?.AttributeProvider is { } member)
            AddTo(schema, member);
        return schema;
    }

    private static void AddTo(JsonObject schema, ICustomAttributeProvider member)
    {
        foreach (var attribute in member.GetCustomAttributes(inherit: false))
        {
            if (attribute is DescriptionAttribute description)
                schema["description"] = description.Description;
            else if (attribute is WordsAttribute words)
                schema["enum"] = new JsonArray([.. words.Words.Select(static word => (JsonNode)word)]);
        }
    }
}

/// <summary>The words that an argument can be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WordsAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words { get; } = words;
}
