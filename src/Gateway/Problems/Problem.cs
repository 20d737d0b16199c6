using MemoryOrleans.Contracts;

namespace MemoryOrleans.Gateway.Problems;

/// <summary>A kind of failure: the code that programs decide on, its status and its title.</summary>
internal sealed record ProblemKind(string Code, int Status, string Title);

/// <summary>A failure to answer with.</summary>
internal sealed record Problem(
    ProblemKind Kind, string Detail, IReadOnlyList<FieldErrorResponse>? Errors = null, TimeSpan? RetryAfter = null);
