namespace MemoryOrleans.Retention;

/// <summary>When memories of a kind are put away, and when they are deleted.</summary>
public sealed record RetentionRule
{
    public static readonly SettingRange MaxAgeRange = new("MEMORY_RETENTION_MAX_AGE_DAYS", 1, 36_500, "days");
    public static readonly SettingRange ImportanceRange = new("MEMORY_RETENTION_IMPORTANCE_THRESHOLD", 0, 1, "of importance");
    public static readonly SettingRange DeleteAfterRange = new("MEMORY_RETENTION_DELETE_AFTER_DAYS", 0, 36_500, "days");

    /// <summary>Older ones may be archived; 1..36,500 days, default 365.</summary>
    public double MaxAgeDays { get; init; } = 365;

    /// <summary>Only those of less importance are; 0..1, default 0.3. At 0 nothing is.</summary>
    public double ImportanceThreshold { get; init; } = 0.3;

    /// <summary>Days from archiving to deletion; 0..36,500, default 90.</summary>
    public double DeleteAfterDays { get; init; } = 90;

    /// <summary>Every value outside its range, by the setting's name; empty when all is well.</summary>
    public IReadOnlyList<MemoryError> Check() => SettingRange.Errors(
    [
        MaxAgeRange.Check(MaxAgeDays),
        ImportanceRange.Check(ImportanceThreshold),
        DeleteAfterRange.Check(DeleteAfterDays),
    ]);
}

/// <summary>The rules of one tenant. A kind's own rule comes before the default; without either nothing is touched.</summary>
public sealed record RetentionRules
{
    public RetentionRule? Default { get; init; }

    public IReadOnlyDictionary<string, RetentionRule> ByKind { get; init; } = new Dictionary<string, RetentionRule>(StringComparer.Ordinal);

    public RetentionRule? Of(string kind) => ByKind.GetValueOrDefault(kind) ?? Default;

    public IReadOnlyList<MemoryError> Check() =>
        [.. ByKind.Values.Append(Default).OfType<RetentionRule>().SelectMany(static rule => rule.Check())];
}

/// <summary>The rules of all tenants. A tenant's own replace the general ones whole.</summary>
public sealed record RetentionSettings
{
    public RetentionRules General { get; init; } = new();

    public IReadOnlyDictionary<string, RetentionRules> ByTenant { get; init; } =
        new Dictionary<string, RetentionRules>(StringComparer.Ordinal);

    public RetentionRules Of(string tenant) => ByTenant.GetValueOrDefault(tenant) ?? General;

    public IReadOnlyList<MemoryError> Check() => [.. ByTenant.Values.Append(General).SelectMany(static rules => rules.Check())];
}
