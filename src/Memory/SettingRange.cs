namespace MemoryOrleans;

/// <summary>A setting's bounds, both inclusive, under the name an operator knows it by.</summary>
public sealed record SettingRange(string Name, double Min, double Max, string Unit)
{
    /// <summary>The error that names the setting when the value lies outside or is no number; else null.</summary>
    public MemoryError? Check(double value) => value >= Min && value <= Max
        ? null
        : new MemoryError(ErrorCode.InvalidInput,
        FormattableString.Invariant($"{Name} is {value} {Unit}; it must lie within {Min}..{Max}."), Name);

    internal static IReadOnlyList<MemoryError> Errors(params IEnumerable<MemoryError?> checks) => [.. checks.OfType<MemoryError>()];
}
