using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <summary>The API answered with a problem (RFC 9457).</summary>
public sealed class MemoryApiException(ProblemResponse problem, TimeSpan? retryAfter)
    : Exception($"{problem.Code}: {problem.Detail}")
{
    /// <summary>Stable; what programs decide on.</summary>
    public string Code => Problem.Code;

    /// <summary>True when there is no such thing, or it is another tenant's.</summary>
    public bool IsNotFound => Status == 404;

    /// <summary>
    /// True when the same request may well succeed later: the rate limit was reached, or the service is busy or not ready.
    /// </summary>
    public bool IsTransient => Status is 429 or 503;

    /// <summary>The HTTP status.</summary>
    public int Status => Problem.Status;

    /// <summary>The fields to blame; empty when there are none.</summary>
    public IReadOnlyList<FieldErrorResponse> Errors => Problem.Errors ?? [];

    /// <summary>How long to wait before asking again; null when that would not help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The whole answer.</summary>
    public ProblemResponse Problem { get; } = problem;
}
