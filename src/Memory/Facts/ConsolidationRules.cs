namespace MemoryOrleans.Facts;

/// <summary>When two facts count as one, and when a candidate becomes a fact.</summary>
public sealed record ConsolidationRules
{
    public static readonly SettingRange PromotionRange = new("MEMORY_PROMOTION_SALIENCE_THRESHOLD", 0, 1, "of salience");
    public static readonly SettingRange CosineRange = new("MEMORY_DUPLICATE_COSINE_THRESHOLD", 0, 1, "of cosine");
    public static readonly SettingRange OverlapRange = new("MEMORY_DUPLICATE_OVERLAP_THRESHOLD", 0, 1, "of Jaccard overlap");

    /// <summary>Candidates of at least this salience are promoted; 0..1, default 0.5.</summary>
    public double PromotionSalience { get; init; } = 0.5;

    /// <summary>Least cosine of near-duplicates' vectors; 0..1, default 0.9.</summary>
    public double DuplicateCosine { get; init; } = 0.9;

    /// <summary>Least |A ∩ B| / |A ∪ B| of near-duplicates' word stems; 0..1, default 0.8.</summary>
    public double DuplicateOverlap { get; init; } = 0.8;

    /// <summary>Every value outside its range, by the setting's name; empty when all is well.</summary>
    public IReadOnlyList<MemoryError> Check() => SettingRange.Errors(
    [
        PromotionRange.Check(PromotionSalience),
        CosineRange.Check(DuplicateCosine),
        OverlapRange.Check(DuplicateOverlap),
    ]);
}
