using System.Globalization;
using System.Text.RegularExpressions;
using MemoryOrleans.Gateway.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>
/// Fills the OpenAPI document from the endpoints' <see cref="Operation"/> metadata and the contract's records. Handlers
/// take the bare <see cref="HttpContext"/>, so there is no signature to describe them by.
/// </summary>
internal sealed partial class DescribeOperations : IOpenApiDocumentTransformer
{
    private const string Json = "application/json";

    private static readonly OpenApiInfo About = new()
    {
        Title = "MemoryOrleans",
        Version = "v1",
        Description =
            "Memory for AI agents: sessions of turns in, ranked and cited context out. JSON in and out, snake_case, times RFC 3339 in UTC. "
            + "A member of a body that is null counts as absent, except `valid_to` and `metadata` of `PATCH /v1/memories/{id}`, which null "
            + "takes away: a client has to leave out there what was not set. Errors are problem details "
            + "(RFC 9457) whose `code` is stable; new members of answers may come at any time, so ignore those you do not know.",
        License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        Contact = new OpenApiContact { Name = "The MemoryOrleans authors" },
    };

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["Embeddings"] = "The spaces of neural vectors, and going over to another model.",
        ["Events"] = "What happens to a tenant's memories, as a stream and by webhooks (docs/webhooks.md).",
        ["Erasure"] = "Erasing for good, its receipts, and the audit trail.",
        ["Graph"] = "Entities, what is known of them, and how they are related.",
        ["Jobs"] = "Due and recurring work, and retention.",
        ["Memories"] = "What was distilled from turns, and what agents wrote themselves.",
        ["Older clients"] = "The calls of two older clients, answered as they expect.",
        ["Operations"] = "Health, metrics, export and import.",
        ["Recall"] = "A question in, ranked and cited items out.",
        ["Sessions"] = "Conversations as such.",
        ["Keys"] = "API keys in the store: made, rotated with an overlap, revoked.",
        ["Tenants"] = "Settings and quotas of the caller's tenant.",
        ["Turns"] = "What was said, the live window of it, and the block for a prompt.",
    };

    public async Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = About;

        // Relative to the document's own address: the request's Host header is the caller's word.
        document.Servers = [new OpenApiServer { Url = "/", Description = "The memory that this document comes from." }];
        AddSecurity(document);
        var source = context.ApplicationServices.GetRequiredService<EndpointDataSource>();
        var endpoints = source.Endpoints.OfType<RouteEndpoint>()
            .Select(e => (Endpoint: e, Operation: e.Metadata.GetMetadata<Operation>()))
            .Where(pair => pair.Operation is { IsListed: true })
            .OrderBy(pair => pair.Endpoint.RoutePattern.RawText, StringComparer.Ordinal)
            .ToList();
        document.Tags = endpoints.Select(static pair => pair.Operation!.Tag).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(static tag => new OpenApiTag { Name = tag, Description = Tags.GetValueOrDefault(tag) }).ToHashSet();
        var schemas = new SchemaBook(document, context, cancellationToken);
        var answers = new DescribeAnswers(document, schemas);
        foreach (var (endpoint, operation) in endpoints)
        {
            var path = endpoint.RoutePattern.RawText!;
            if (!document.Paths.TryGetValue(path, out var item))
                document.Paths[path] = item = new OpenApiPathItem();
            var method = HttpMethod.Parse(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]);
            var described = await DescribeAsync(path, operation!, schemas, document);
            described.Responses = await answers.DescribeAsync(operation!);
            ((OpenApiPathItem)item).AddOperation(method, described);
        }
    }

    private static async Task<OpenApiOperation> DescribeAsync(
        string path, Operation operation, SchemaBook schemas, OpenApiDocument document)
    {
        var described = new OpenApiOperation
        {
            OperationId = operation.Id,
            Summary = operation.Summary,
            Description = OperationTexts.DescriptionOf(operation.Id),
            Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
            Parameters = [.. PathParameters().Matches(path).Select(match => PathParameter(path, match)),
            .. operation.Parameters.Select(Describe)],
            Deprecated = operation.Deprecation is not null,
        };
        if (operation.Body is { } body)
        {
            var content = await schemas.ContentAsync(body);
            content.Example = OperationTexts.BodyOf(operation.Id);
            described.RequestBody = BodyOf(Json, content);
        }

        if (operation.BodyType is { } bodyType)
            described.RequestBody = BodyOf(bodyType, DescribeAnswers.Stream(OperationTexts.BodyOf(operation.Id)));
        if (operation.Requirement == Requirement.Open)
            described.Security = [];
        return described;
    }

    private static OpenApiRequestBody BodyOf(string type, OpenApiMediaType content) => new()
    {
        Required = true, Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [type] = content },
    };

    private static OpenApiParameter PathParameter(string path, Match match)
    {
        var name = match.Groups["name"].Value;
        var isNumber = name == "id"
            && (path.Contains("/jobs/", StringComparison.Ordinal) || path.Contains("/embeddings/", StringComparison.Ordinal));
        var what = name switch
        {
            "id" => $"The id of the {Singular(path.Split('/').TakeWhile(part => part != match.Value).Last())}.",
            "turn_id" => "The turn's own id, or the one that recall answers with: session and seq with a colon between.",
            _ => $"The {name}'s id.",
        };
        return new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = what,
            Schema = isNumber
                ? new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" }
                : new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$" },
        };
    }

    private static string Singular(string plural) => plural switch
    {
        "memories" => "memory",
        "entities" => "entity",
        "embeddings" => "space",
        _ => plural.TrimEnd('s'),
    };

    private static OpenApiParameter Describe(Parameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter.In == Place.Query ? ParameterLocation.Query : ParameterLocation.Header,
        Description = parameter.Description,
        Required = parameter.Required,
        Schema = new OpenApiSchema
        {
            Type = parameter.Min is null ? JsonSchemaType.String : JsonSchemaType.Integer,
            Format = parameter.Min is null ? null : "int32",
            Minimum = parameter.Min?.ToString(CultureInfo.InvariantCulture),
            Maximum = parameter.Max?.ToString(CultureInfo.InvariantCulture),
            Enum = parameter.Words?.Select(word => (System.Text.Json.Nodes.JsonNode)word!).ToList(),
        },
    };

    private static void AddSecurity(OpenApiDocument document)
    {
        document.AddComponent("apiKey", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key", Description = "A key of MEMORY_API_KEYS.",
        });
        document.AddComponent("bearer", new OpenApiSecurityScheme 
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The same key as a bearer token.",
        });
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
        ];
    }

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, -1)]
    private static partial Regex PathParameters();
}
