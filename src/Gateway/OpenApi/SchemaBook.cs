using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>Puts the schema of each record into the document once and refers to it from then on.</summary>
internal sealed class SchemaBook(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
{
    public async Task<OpenApiMediaType> ContentAsync(Type record)
    {
        if (document.Components?.Schemas?.ContainsKey(record.Name) != true)
            document.AddComponent(record.Name, await context.GetOrCreateSchemaAsync(record, cancellationToken: cancel));
        return new OpenApiMediaType { Schema = new OpenApiSchemaReference(record.Name, document) };
    }
}
