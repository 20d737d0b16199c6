using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>A memory's score: what the words and vectors gave it, times its tier, salience, recency and scope.</summary>
internal sealed class ScoreMemory(SalienceCurve curve, TierRules rules, string intent, DateTimeOffset now)
{
    private const int Digits = 6;
    private readonly TierWeights weights = rules.WeightsOf(intent);
    private readonly double recencyGain = intent == "recent" ? rules.RecencyGainWhenRecent : rules.RecencyGain;

    /// <summary>The most a memory's score is multiplied by, given its kind; null: any kind.</summary>
    public double BoundOf(string? kind) =>
        (kind == "episode" ? weights.Episode : Math.Max(kind is null ? weights.Episode : 0, Math.Max(weights.Fact, weights.Direct)))
        * (1 + rules.SalienceSpread) * (1 + recencyGain);

    public (double Score, TierExplanation Tier) Score(MemoryRecord memory, ScoreParts parts, ScopePlace place)
    {
        var weight = weights.Of(memory);
        var salience = Math.Round(curve.At(memory, now), Digits);
        var salienceFactor = Math.Round(1 + (rules.SalienceSpread * ((2 * salience) - 1)), Digits);
        var recencyFactor = Math.Round(1
            + (recencyGain * Math.Pow(2, -Math.Max(0, (now - memory.ValidFrom).TotalDays) / rules.RecencyHalfLifeDays)), Digits);
        var part = Math.Round(((weight * salienceFactor * recencyFactor * place.Factor) - 1) * parts.Score, Digits);
        return (
            Math.Round(parts.Score + part, Digits),
            new TierExplanation(part, weight, salience, salienceFactor, recencyFactor, place.Scope, place.Factor));
    }
}
