using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>RFC 9457 problem details, as <c>application/problem+json</c>; the form of every 4xx and 5xx answer.</summary>
/// <param name="Type"><c>urn:memoryorleans:problem:</c> and the code.</param>
/// <param name="Title">The same for every problem of the code.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time, for a person.</param>
/// <param name="Code">Stable; what programs decide on.</param>
/// <param name="RequestId">The X-Request-Id of the request.</param>
/// <param name="Errors">The fields to blame, where there are any.</param>
public sealed record ProblemResponse(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string? RequestId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldErrorResponse>? Errors = null);

/// <summary>What is wrong with one field, header or parameter; elements are written <c>turns[3].content</c>.</summary>
/// <param name="Field">Which one.</param>
/// <param name="Message">What it must be.</param>
public sealed record FieldErrorResponse(string Field, string Message);
