using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>The answers of a call: its successes with their headers and examples, and the problems it can have.</summary>
internal sealed class DescribeAnswers(OpenApiDocument document, SchemaBook schemas)
{
    private const string ProblemJson = "application/problem+json";
    private const string RequestId = "X-Request-Id";

    private static readonly int[] ProblemsOfAll = [400, 401, 403, 429, 500, 503];
    private static readonly int[] ProblemsOfBodies = [408, 413, 415];

    private static readonly int[] ProblemsOfTenants = [409];

    // Probes read nothing and ask nobody; still, a keyless process answers only its own machine.
    private static readonly int[] ProblemsOfOpenCalls = [403, 500];

    private static readonly Dictionary<string, string> Headers = new(StringComparer.Ordinal)
    {
        [RequestId] = "The id of the request: the one it came with, or one that was made for it. Logs and problems name it.",
        ["ETag"] = "The version, like \"5\", for If-Match and If-None-Match.",
        [IdempotencyHeader.ReplayedName] = "true when an earlier request had done the work already; else absent.",
        ["Retry-After"] = "Seconds to wait before the next try.",
        ["WWW-Authenticate"] = "How to authenticate.",
        [Deprecation.HeaderName] = "Since when the call is deprecated: @ and seconds since 1970 (RFC 9745).",
        [Deprecation.SunsetName] = "Before this time the call is not taken away (RFC 8594).",
        ["Link"] = "The call that takes its place, with rel=\"successor-version\".",
    };

    private static readonly ILookup<int, ProblemKind> Kinds = typeof(ProblemMap)
        .GetFields(BindingFlags.Static | BindingFlags.NonPublic)
        .Where(static field => field.FieldType == typeof(ProblemKind))
        .Select(static field => (ProblemKind)field.GetValue(null)!)
        .ToLookup(static kind => kind.Status);

    public async Task<OpenApiResponses> DescribeAsync(Operation operation)
    {
        var usual = await SuccessAsync(operation, operation.Status, operation.Summary + ".");
        var responses = new OpenApiResponses { [Code(operation.Status)] = usual };
        foreach (var also in operation.Also)
            responses[Code(also.Status)] = await SuccessAsync(operation, also.Status, also.When);
        if (operation.Parameters.Contains(Parameters.IfNoneMatch))
        {
            responses[Code(StatusCodes.Status304NotModified)] = new OpenApiResponse
            {
                Description = "Not modified: it still has the version named.", Headers = HeadersOf(RequestId, "ETag"),
            };
        }

        foreach (var status in ProblemsOf(operation).Distinct().Order())
            responses[Code(status)] = await ProblemAsync(status);
        return responses;
    }

    private static IEnumerable<int> ProblemsOf(Operation operation)
    {
        var common = operation.Requirement == Requirement.Open ? ProblemsOfOpenCalls : ProblemsOfAll;
        var bodies = operation.Body is null && operation.BodyType is null ? [] : ProblemsOfBodies;
        var ofTenants = operation.IsOfTenant ? ProblemsOfTenants : [];
        return common.Concat(ofTenants).Concat(bodies).Concat(operation.Problems);
    }

    private async Task<OpenApiResponse> SuccessAsync(Operation operation, int status, string description)
    {
        var response = new OpenApiResponse { Description = description, Headers = HeadersOf([.. HeadersOfSuccess(operation, status)]) };
        if (operation.Answer is { } record)
        {
            var content = await schemas.ContentAsync(record);
            content.Example = OperationTexts.AnswerOf(operation.Id, status);
            response.Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [operation.AnswerType] = content };
        }
        else if (status != StatusCodes.Status204NoContent)
        {
            response.Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [operation.AnswerType] = Stream(OperationTexts.AnswerOf(operation.Id)),
            };
        }

        return response;
    }

    private static IEnumerable<string> HeadersOfSuccess(Operation operation, int status)
    {
        yield return RequestId;
        if (operation.Tagged)
            yield return "ETag";
        if (operation.Parameters.Contains(Parameters.IdempotencyKey))
            yield return IdempotencyHeader.ReplayedName;
        if (operation.Also.Any(also => also.Status == status && also.RetryLater))
            yield return "Retry-After";
        if (operation.Deprecation is null)
            yield break;
        foreach (var name in new[] { Deprecation.HeaderName, Deprecation.SunsetName, "Link" })
            yield return name;
    }

    /// <summary>Text that generated clients hand over as a stream, and do not parse.</summary>
    public static OpenApiMediaType Stream(JsonNode? example) => new()
    {
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = "Text in UTF-8, of any length." },
        Example = example,
    };

    private async Task<IOpenApiResponse> ProblemAsync(int status)
    {
        var name = "Problem" + Code(status);
        if (document.Components?.Responses?.ContainsKey(name) != true)
            document.AddComponent(name, await DescribeProblemAsync(status));
        return new OpenApiResponseReference(name, document);
    }

    private async Task<OpenApiResponse> DescribeProblemAsync(int status)
    {
        var kinds = Kinds[status].ToList();
        var content = await schemas.ContentAsync(typeof(ProblemResponse));
        content.Example = new JsonObject
        {
            ["type"] = "urn:memoryorleans:problem:" + kinds[0].Code, ["title"] = kinds[0].Title, ["status"] = status,
            ["detail"] = kinds[0].Title + ".", ["code"] = kinds[0].Code, ["request_id"] = "0197a2c1f0de7bd4a5c0d3a1b2c3d4e5",
        };
        string[] headers = status switch
        {
            StatusCodes.Status401Unauthorized => [RequestId, "WWW-Authenticate"],
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => [RequestId, "Retry-After"],
            _ => [RequestId],
        };
        return new OpenApiResponse
        {
            Description = string.Join("; ", kinds.Select(static kind => $"`{kind.Code}`: {kind.Title}")) + ".",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [ProblemJson] = content },
            Headers = HeadersOf(headers),
        };
    }

    private Dictionary<string, IOpenApiHeader> HeadersOf(params ReadOnlySpan<string> names)
    {
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (document.Components?.Headers?.ContainsKey(name) != true)
            {
                document.AddComponent(name, new OpenApiHeader
                {
                    Description = Headers[name],
                    Schema = new OpenApiSchema { Type = name == "Retry-After" ? JsonSchemaType.Integer : JsonSchemaType.String },
                });
            }

            headers[name] = new OpenApiHeaderReference(name, document);
        }

        return headers;
    }

    private static string Code(int status) => status.ToString(CultureInfo.InvariantCulture);
}
