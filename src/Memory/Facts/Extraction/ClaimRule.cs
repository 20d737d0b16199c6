using MemoryOrleans.Text.Words;


namespace MemoryOrleans.Facts.Extraction;

/// <summary>How a pattern becomes a claim.</summary>
/// <param name="Pattern">Group <c>value</c> is the value; group <c>thing</c>, when there, is put into the attribute's place
/// <c>{0}</c>.</param>
/// <param name="Attribute">The attribute, perhaps with <c>{0}</c>.</param>
/// <param name="Value">A fixed value, for patterns without the group.</param>
/// <param name="IsDenied">Whether what stands in or around a match makes it say something else; null: nothing does.</param>
/// <param name="IsEnding">True when the claim says what is no longer so.</param>
internal sealed record ClaimRule(
    Pattern Pattern, string Attribute, bool IsSingleValued = false, bool IsEnding = false, string Kind = FactKinds.Fact,
    string? Value = null, Func<string, PatternMatch, bool>? IsDenied = null);

/// <summary>Kinds of facts.</summary>
internal static class FactKinds
{
    public const string Fact = "fact";
    public const string Preference = "preference";
}
