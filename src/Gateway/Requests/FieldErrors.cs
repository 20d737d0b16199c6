using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Problems;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>Collects what is wrong with a request, so that a caller learns it all at once. At most 100 are kept.</summary>
internal sealed class FieldErrors
{
    private const int ErrorsMax = 100;

    private List<FieldErrorResponse>? errors;

    public void Add(string field, string message)
    {
        errors ??= [];
        if (errors.Count < ErrorsMax)
            errors.Add(new FieldErrorResponse(field, message));
    }

    /// <summary>The problem to answer with, or null when nothing is wrong.</summary>
    public Problem? ToProblem() => errors is null ? null : ProblemMap.InvalidInput(errors);
}
