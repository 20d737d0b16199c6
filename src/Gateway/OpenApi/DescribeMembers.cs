using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>
/// Says of a record's members what their types do not: which words they take, that metadata are objects, and that what a body must
/// have is not null either. Its other members may be: a generated client that sends null for what was not set is understood.
/// </summary>
internal sealed class DescribeMembers : IOpenApiSchemaTransformer
{
    /// <summary>Marks a member that holds a record or null.</summary>
    public const string NullableKey = "memory-nullable";

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is not { } member)
            return Task.CompletedTask;
        DescribeType(schema, member);
        if (Attribute<RequiredAttribute>(member) is not null)
            schema.Type &= ~JsonSchemaType.Null;
        else if (member.IsGetNullable && Attribute<JsonIgnoreAttribute>(member) is null)
            (schema.Metadata ??= new Dictionary<string, object>(StringComparer.Ordinal))[NullableKey] = true;
        if (Attribute<AllowedValuesAttribute>(member) is { } words)
        {
            schema.Enum = [.. words.Values.Select(static word => (JsonNode)(string)word!)];
            if (schema.Type?.HasFlag(JsonSchemaType.Null) == true)
                schema.Enum.Add(JsonNullSentinel.JsonNull);
        }

        return Task.CompletedTask;
    }

    private static void DescribeType(OpenApiSchema schema, JsonPropertyInfo member)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        if (type == typeof(IReadOnlyDictionary<string, JsonElement>))
            schema.AdditionalProperties = new OpenApiSchema { Description = "A value, or an object of conditions." };
        if (type == typeof(DateTimeOffset))
        {
            // One with a converter of its own comes without a type.
            schema.Type = type == member.PropertyType ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }

        if (type != typeof(JsonElement))
            return;
        schema.Metadata?.Remove("x-schema-id");
        if (Attribute<DataTypeAttribute>(member) is { DataType: DataType.DateTime })
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
            return;
        }

        if (Attribute<RangeAttribute>(member) is not null)
        {
            schema.Type = JsonSchemaType.Integer | JsonSchemaType.Null;
            schema.Format = "int64";
            return;
        }

        if (Attribute<MaxLengthAttribute>(member) is not null)
        {
            schema.Type = JsonSchemaType.Array | JsonSchemaType.Null;
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
            return;
        }

        var isOmittedWhenNull = Attribute<JsonIgnoreAttribute>(member) is { Condition: JsonIgnoreCondition.WhenWritingNull };
        schema.Type = isOmittedWhenNull ? JsonSchemaType.Object : JsonSchemaType.Object | JsonSchemaType.Null;
        schema.AdditionalProperties = new OpenApiSchema { Description = "Any JSON value." };
    }

    private static T? Attribute<T>(JsonPropertyInfo member)
        where T : Attribute =>
        member.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}
