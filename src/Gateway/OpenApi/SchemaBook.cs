using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>Puts the schema of each record into the document once and refers to it from then on.</summary>
internal sealed class SchemaBook(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
{
    // The generator writes the record's name here, in bodies and in the records inside them.
    private const string NameKey = "x-schema-id";

    // And here what a member that holds a record is documented as; the schema's own description is the record's.
    private const string MemberDescriptionKey = "x-ref-description";

    public async Task<OpenApiMediaType> ContentAsync(Type record)
    {
        if (document.Components?.Schemas?.ContainsKey(record.Name) != true)
        {
            var schema = await context.GetOrCreateSchemaAsync(record, cancellationToken: cancel);
            LiftInner(schema);
            document.AddComponent(record.Name, schema);
        }

        return new OpenApiMediaType { Schema = new OpenApiSchemaReference(record.Name, document) };
    }

    /// <summary>Moves the records inside a schema to the components, leaving references.</summary>
    private void LiftInner(OpenApiSchema schema)
    {
        schema.Description = OneLine(schema.Description);
        foreach (var (name, inner) in schema.Properties?.ToArray() ?? [])
            schema.Properties![name] = Lift(inner);
        if (schema.Items is not null)
            schema.Items = Lift(schema.Items);
    }

    private IOpenApiSchema Lift(IOpenApiSchema inner)
    {
        if (inner is not OpenApiSchema schema)
            return inner;
        var description = Text(schema, MemberDescriptionKey);
        if (Text(schema, NameKey) is not { } name)
        {
            schema.Description ??= description;
            LiftInner(schema);
            return schema;
        }

        LiftInner(schema);
        if (document.Components?.Schemas?.ContainsKey(name) != true)
            document.AddComponent(name, schema);
        var reference = new OpenApiSchemaReference(name, document) { Description = OneLine(description) };
        return schema.Metadata?.ContainsKey(DescribeMembers.NullableKey) == true
            ? new OpenApiSchema
            {
                Description = OneLine(description),
                OneOf = [new OpenApiSchemaReference(name, document), new OpenApiSchema { Type = JsonSchemaType.Null }],
            }
            : reference;
    }

    private static string? Text(OpenApiSchema schema, string key) =>
        schema.Metadata?.TryGetValue(key, out var value) == true && value is string { Length: > 0 } text ? text : null;

    /// <summary>Comments in the source are broken where the line is full.</summary>
    private static string? OneLine(string? text) =>
        text is null ? null : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
