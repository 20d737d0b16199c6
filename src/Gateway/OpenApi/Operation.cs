using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>Where a parameter stands.</summary>
internal enum Place
{
    Query,
    Header,
}

/// <summary>A query parameter or header of a call.</summary>
/// <param name="Min">Least value; a parameter with bounds is a whole number.</param>
internal sealed record Parameter(
    string Name, Place In, string Description, bool Required = false, int? Min = null, int? Max = null,
    IReadOnlyList<string>? Words = null);

/// <summary>Another success than the usual one, with the same record as its body.</summary>
/// <param name="When">What it says, as a sentence of the OpenAPI document.</param>
/// <param name="RetryLater">True when it has a Retry-After.</param>
internal sealed record OtherAnswer(int Status, string When, bool RetryLater = false);

/// <summary>
/// What a call is, said once: access control, query reading and the OpenAPI document all go by this endpoint metadata.
/// </summary>
/// <param name="Id">The operation's id in the OpenAPI document.</param>
internal sealed record Operation(string Id, string Tag, string Summary, Requirement Requirement)
{
    /// <summary>The record of the JSON body.</summary>
    public Type? Body { get; init; }

    /// <summary>The record of the answer; null when it is empty or not JSON.</summary>
    public Type? Answer { get; init; }

    public int Status { get; init; } = StatusCodes.Status200OK;

    public string AnswerType { get; init; } = "application/json";

    /// <summary>Other successes, for instance of a repeat.</summary>
    public IReadOnlyList<OtherAnswer> Also { get; init; } = [];

    /// <summary>Set when the call is on its way out.</summary>
    public Deprecation? Deprecation { get; init; }

    /// <summary>True when the answer carries an ETag.</summary>
    public bool Tagged { get; init; }

    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>Statuses of the problems that only some calls have, beside 400, 401, 403, 409, 429, 500 and 503.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];

    /// <summary>True when parameters that are not declared are ignored, as older clients expect.</summary>
    public bool Lenient { get; init; }

    /// <summary>True when no rate limit and no bound on concurrency applies: probes and metrics.</summary>
    public bool Unmetered { get; init; }

    /// <summary>True for a stream that is open for hours: it is counted as it begins, and takes no place among requests.</summary>
    public bool Lasting { get; init; }

    /// <summary>True when it has part in its tenant's limits, and is answered 409 while the tenant is being erased.</summary>
    public bool IsOfTenant => !Unmetered && Requirement is not (Requirement.Open or Requirement.Operator);

    /// <summary>True when it takes as long as its stream does: MEMORY_REQUEST_TIMEOUT_SECONDS does not apply.</summary>
    public bool Unhurried { get; init; }

    /// <summary>False for what is no call of this API: the OpenAPI document leaves it out.</summary>
    public bool IsListed { get; init; } = true;

    /// <summary>True when what it does is in the audit trail already, for instance as an erasure's request and its end.</summary>
    public bool AuditsItself { get; init; }

    /// <summary>What a call takes one of, beside a request, of its tenant's limits; null: nothing.</summary>
    public LimitKind? Takes { get; init; }

    /// <summary>By what a key restricted to users or agents is held to them.</summary>
    public Reach Reach { get; init; }

    /// <summary>The media type of a body that is not JSON; null: JSON, or none.</summary>
    public string? BodyType { get; init; }
}

internal static class OperationMapping
{
    /// <summary>Maps a handler without any binding, filter or reflection between routing and it.</summary>
    public static void Map(this IEndpointRouteBuilder routes, string method, string pattern, RequestDelegate handler,
        Operation operation) =>
        routes.MapMethods(pattern, [method], handler).WithMetadata(operation).WithDisplayName(operation.Id);

    /// <summary>The same for a handler that takes a JSON body: what is no such body is answered before the handler is called.</summary>
    public static void Map<T>(
        this IEndpointRouteBuilder routes, string method, string pattern, JsonTypeInfo<T> body, Func<HttpContext, T, Task> handler,
        Operation operation)
        where T : class =>
        routes.Map(
            method,
            pattern,
            async http =>
            {
                if ((await http.ReadBodyAsync(body)).Value is { } value)
                    await handler(http, value);
            },
            operation with { Body = typeof(T) });
}
