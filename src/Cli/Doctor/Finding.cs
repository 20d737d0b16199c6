namespace MemoryOrleans.Cli.Doctor;

/// <summary>What a check found.</summary>
/// <param name="State"><c>ok</c>, <c>warning</c> or <c>wrong</c>.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
internal sealed record Finding(string Check, string State, string Detail, string? Advice = null)
{
    public static Finding Ok(string check, string detail) => new(check, "ok", detail);

    public static Finding Warning(string check, string detail, string advice) => new(check, "warning", detail, advice);

    public static Finding Wrong(string check, string detail, string advice) => new(check, "wrong", detail, advice);
}
