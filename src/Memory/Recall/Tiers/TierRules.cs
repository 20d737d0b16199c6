using MemoryOrleans.Memories;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>What a memory's score is multiplied by for its tier; 0 leaves the tier out. Turns are the measure, at 1.</summary>
public sealed record TierWeights(double Episode, double Fact, double Direct)
{
    /// <summary>The weight for a memory: episodes, what distillation found, and what agents wrote themselves.</summary>
    public double Of(MemoryRecord memory) =>
        memory.Kind == "episode" ? Episode : memory.Origin == WriteMemory.Origin ? Direct : Fact;
}

/// <summary>How memories are weighed beside turns (docs/ranking.md).</summary>
public sealed record TierRules
{
    public static readonly SettingRange SalienceRange = new("MEMORY_RECALL_SALIENCE_SPREAD", 0, 0.5, "of the score");
    public static readonly SettingRange RecencyRange = new("MEMORY_RECALL_RECENCY_GAIN", 0, 0.5, "of the score");
    public static readonly SettingRange RecentRange = new("MEMORY_RECALL_RECENCY_GAIN_RECENT", 0, 0.5, "of the score");
    public static readonly SettingRange HalfLifeRange = new("MEMORY_RECALL_RECENCY_HALF_LIFE_DAYS", 0.01, 36_500, "days");

    /// <summary>Weights of an intent that has none of its own.</summary>
    public TierWeights General { get; init; } = new(0.1, 1.3, 1.3);

    /// <summary>Weights by intent (<see cref="IntentPolicy"/>).</summary>
    public IReadOnlyDictionary<string, TierWeights> ByIntent { get; init; } = new Dictionary<string, TierWeights>(StringComparer.Ordinal)
    {
        ["recent"] = new(0.1, 1, 1), ["preference"] = new(0.1, 1.3, 1.5), ["procedural"] = new(0.1, 1.3, 1.5),
    };

    /// <summary>A salience of 0 multiplies by 1 − this, one of 1 by 1 + this; 0..0.5.</summary>
    public double SalienceSpread { get; init; } = 0.1;

    /// <summary>What a memory of this moment gains; half of it after <see cref="RecencyHalfLifeDays"/>. 0..0.5.</summary>
    public double RecencyGain { get; init; } = 0.05;

    /// <summary>The same when the question is about what is recent; 0..0.5.</summary>
    public double RecencyGainWhenRecent { get; init; } = 0.25;

    /// <summary>Days, 0.01..36,500; default 30.</summary>
    public double RecencyHalfLifeDays { get; init; } = 30;

    public TierWeights WeightsOf(string intent) => ByIntent.GetValueOrDefault(intent, General);
}
