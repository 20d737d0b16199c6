namespace MemoryOrleans.Memories;

/// <summary>What raised a memory's salience.</summary>
public enum Reinforcement
{
    /// <summary>An agent cited it.</summary>
    Citation,

    /// <summary>It was recalled, and what was recalled was used.</summary>
    UsedRecall,

    /// <summary>The same was said in another session.</summary>
    Repetition,
}

/// <summary>How salience falls and rises (docs/ranking.md).</summary>
public sealed record SalienceRules
{
    public static readonly SettingRange HalfLifeRange = new("MEMORY_SALIENCE_HALF_LIFE_DAYS", 0.01, 36_500, "days");
    public static readonly SettingRange CitationRange = new("MEMORY_SALIENCE_CITATION_GAIN", 0, 1, "of what is missing to 1");
    public static readonly SettingRange RecallRange = new("MEMORY_SALIENCE_RECALL_GAIN", 0, 1, "of what is missing to 1");
    public static readonly SettingRange RepetitionRange = new("MEMORY_SALIENCE_REPETITION_GAIN", 0, 1, "of what is missing to 1");

    /// <summary>Days in which an unreinforced episodic memory loses half its salience; 0.01..36,500, default 30.</summary>
    public double EpisodicHalfLifeDays { get; init; } = 30;

    /// <summary>The same of semantic memories; 0.01..36,500, default 180.</summary>
    public double SemanticHalfLifeDays { get; init; } = 180;

    /// <summary>Half-lives of single kinds, in days, instead of their tier's; 0.01..36,500.</summary>
    public IReadOnlyDictionary<string, double> KindHalfLifeDays { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Share of what is missing to 1 that a citation adds; 0..1, default 0.15.</summary>
    public double CitationGain { get; init; } = 0.15;

    /// <summary>The same of a recall that was used; 0..1, default 0.05.</summary>
    public double RecallGain { get; init; } = 0.05;

    /// <summary>The same of a repetition in another session; 0..1, default 0.25.</summary>
    public double RepetitionGain { get; init; } = 0.25;

    public double GainOf(Reinforcement reinforcement) => reinforcement switch
    {
        Reinforcement.Citation => CitationGain,
        Reinforcement.UsedRecall => RecallGain,
        Reinforcement.Repetition => RepetitionGain,
        _ => throw new ArgumentOutOfRangeException(nameof(reinforcement)),
    };

    public double HalfLifeDaysOf(string kind, MemoryTier tier) => KindHalfLifeDays.TryGetValue(kind, out var days)
        ? days
        : tier == MemoryTier.Episodic ? EpisodicHalfLifeDays : SemanticHalfLifeDays;

    /// <summary>Every value outside its range, by the setting's name; empty when all is well.</summary>
    public IReadOnlyList<MemoryError> Check() => SettingRange.Errors(
    [
        (HalfLifeRange with { Name = "MEMORY_SALIENCE_HALF_LIFE_EPISODIC_DAYS" }).Check(EpisodicHalfLifeDays),
        (HalfLifeRange with { Name = "MEMORY_SALIENCE_HALF_LIFE_SEMANTIC_DAYS" }).Check(SemanticHalfLifeDays),
        .. KindHalfLifeDays.Values.Select(HalfLifeRange.Check),
        CitationRange.Check(CitationGain),
        RecallRange.Check(RecallGain),
        RepetitionRange.Check(RepetitionGain),
    ]);
}
