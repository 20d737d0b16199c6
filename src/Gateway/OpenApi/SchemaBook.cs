using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>Puts the schema of each record into the document once and refers to it from then on.</summary>
internal sealed class SchemaBook(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
{
    // The generator writes the record's name here, in bodies and in the records inside them.
    private const string NameKey = "x-schema-id";

    /// <param name="required">True for a body: what it must have is then not null either.</param>
    public async Task<OpenApiMediaType> ContentAsync(Type record, bool required = false)
    {
        if (document.Components?.Schemas?.ContainsKey(record.Name) != true)
        {
            var schema = await context.GetOrCreateSchemaAsync(record, cancellationToken: cancel);
            LiftInner(schema, required);
            document.AddComponent(record.Name, schema);
        }

        return new OpenApiMediaType { Schema = new OpenApiSchemaReference(record.Name, document) };
    }

    /// <summary>Moves the records inside a schema to the components, leaving references.</summary>
    private void LiftInner(OpenApiSchema schema, bool required)
    {
        foreach (var (name, inner) in schema.Properties?.ToArray() ?? [])
        {
            if (required && inner is OpenApiSchema own && schema.Required?.Contains(name) == true)
                own.Type &= ~JsonSchemaType.Null;
            schema.Properties![name] = Lift(inner, required);
        }

        if (schema.Items is not null)
            schema.Items = Lift(schema.Items, required);
    }

    private IOpenApiSchema Lift(IOpenApiSchema inner, bool required)
    {
        if (inner is not OpenApiSchema schema)
            return inner;
        LiftInner(schema, required);
        if (schema.Metadata?.TryGetValue(NameKey, out var value) != true || value is not string { Length: > 0 } name)
            return schema;
        if (document.Components?.Schemas?.ContainsKey(name) != true)
            document.AddComponent(name, schema);
        return new OpenApiSchemaReference(name, document);
    }
}
