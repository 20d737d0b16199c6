using System.Globalization;
using System.Text.RegularExpressions;
using MemoryOrleans.Contracts;
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
    private const string ProblemJson = "application/problem+json";

    private static readonly int[] ProblemsOfAll = [400, 401, 403, 429, 500, 503];

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MemoryOrleans",
            Version = "v1",
            Description = "Memory for AI agents: sessions of turns in, ranked and cited context out.",
        };
        AddSecurity(document);
        var source = context.ApplicationServices.GetRequiredService<EndpointDataSource>();
        var endpoints = source.Endpoints.OfType<RouteEndpoint>()
            .Select(e => (Endpoint: e, Operation: e.Metadata.GetMetadata<Operation>()))
            .Where(pair => pair.Operation is { IsListed: true })
            .OrderBy(pair => pair.Endpoint.RoutePattern.RawText, StringComparer.Ordinal);
        foreach (var (endpoint, operation) in endpoints)
        {
            var schemas = new SchemaBook(document, context, cancellationToken);
            var path = endpoint.RoutePattern.RawText!;
            if (!document.Paths.TryGetValue(path, out var item))
                document.Paths[path] = item = new OpenApiPathItem();
            var method = HttpMethod.Parse(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]);
            ((OpenApiPathItem)item).AddOperation(method, await DescribeAsync(path, operation!, schemas, document));
        }
    }

    private static async Task<OpenApiOperation> DescribeAsync(string path, Operation operation, SchemaBook schemas, OpenApiDocument document)
    {
        var described = new OpenApiOperation
        {
            OperationId = operation.Id,
            Summary = operation.Summary,
            Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
            Parameters = [.. PathParameters().Matches(path).Select(PathParameter), .. operation.Parameters.Select(Describe)],
            Responses = new OpenApiResponses
            {
                [Code(operation.Status)] = await DescribeAnswerAsync(operation, schemas),
            },
        };
        if (operation.Body is { } body)
        {
            described.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { [Json] = await schemas.ContentAsync(body, required: true) },
            };
        }

        if (operation.BodyType is { } bodyType)
        {
            described.RequestBody = new OpenApiRequestBody
            {
                Required = true, Content = new Dictionary<string, OpenApiMediaType> { [bodyType] = new OpenApiMediaType { Schema = Text() } },
            };
        }

        if (operation.Parameters.Contains(Parameters.IfNoneMatch))
            described.Responses[Code(StatusCodes.Status304NotModified)] = new OpenApiResponse { Description = "Not modified" };
        if (operation.Requirement == Requirement.Open)
        {
            described.Security = [];
            return described;
        }

        foreach (var status in ProblemsOfAll.Concat(operation.Problems).Order())
        {
            described.Responses[Code(status)] = new OpenApiResponse
            {
                Description = "Problem",
                Content = new Dictionary<string, OpenApiMediaType> { [ProblemJson] = await schemas.ContentAsync(typeof(ProblemResponse)) },
            };
        }

        return described;
    }

    private static async Task<OpenApiResponse> DescribeAnswerAsync(Operation operation, SchemaBook schemas)
    {
        var response = new OpenApiResponse { Description = operation.Summary };
        if (operation.Answer is { } answer)
            response.Content = new Dictionary<string, OpenApiMediaType> { [operation.AnswerType] = await schemas.ContentAsync(answer) };
        else if (operation.AnswerType != Json)
            response.Content = new Dictionary<string, OpenApiMediaType> { [operation.AnswerType] = new OpenApiMediaType { Schema = Text() } };
        if (operation.Tagged)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["ETag"] = new OpenApiHeader { Description = "The session's version", Schema = Text() },
            };
        }

        return response;
    }

    private static OpenApiParameter PathParameter(Match match) => new()
    {
        Name = match.Groups["name"].Value,
        In = ParameterLocation.Path,
        Required = true,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$" },
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
            Minimum = parameter.Min?.ToString(CultureInfo.InvariantCulture),
            Maximum = parameter.Max?.ToString(CultureInfo.InvariantCulture),
            Enum = parameter.Words?.Select(word => (System.Text.Json.Nodes.JsonNode)word!).ToList(),
        },
    };

    private static void AddSecurity(OpenApiDocument document)
    {
        document.AddComponent("apiKey", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key",
        });
        document.AddComponent("bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
        ];
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static string Code(int status) => status.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, -1)]
    private static partial Regex PathParameters();
}
