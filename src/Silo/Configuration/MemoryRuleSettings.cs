using System.Globalization;
using MemoryOrleans.Facts;
using MemoryOrleans.Settings;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Tiers;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>How salience falls and rises, when facts count as one and are promoted, and how memories are weighed in recall.</summary>
internal static class MemoryRuleSettings
{
    private static readonly SettingRange WeightRange = new("MEMORY_RECALL_WEIGHT", 0, 10, "times the score of a turn");

    public static SalienceRules ReadSalience(MemorySettings settings)
    {
        var standard = new SalienceRules();
        return new SalienceRules
        {
            EpisodicHalfLifeDays = settings.Number(
                SalienceRules.HalfLifeRange with { Name = "MEMORY_SALIENCE_HALF_LIFE_EPISODIC_DAYS" }, standard.EpisodicHalfLifeDays,
                "In so many days an episodic memory that nobody cites loses half its salience."),
            SemanticHalfLifeDays = settings.Number(
                SalienceRules.HalfLifeRange with { Name = "MEMORY_SALIENCE_HALF_LIFE_SEMANTIC_DAYS" }, standard.SemanticHalfLifeDays,
                "The same of semantic memories: facts, preferences, procedures."),
            KindHalfLifeDays = ReadHalfLives(settings),
            CitationGain = settings.Number(SalienceRules.CitationRange, standard.CitationGain,
            "What a citation adds to a memory's salience."),
            RecallGain = settings.Number(SalienceRules.RecallRange, standard.RecallGain, "What a recall that was used adds to it."),
            RepetitionGain = settings.Number(SalienceRules.RepetitionRange, standard.RepetitionGain,
            "What the same said in another session adds to it."),
        };
    }

    public static ConsolidationRules ReadConsolidation(MemorySettings settings)
    {
        var standard = new ConsolidationRules();
        return new ConsolidationRules
        {
            PromotionSalience = settings.Number(
                ConsolidationRules.PromotionRange, standard.PromotionSalience,
                "A candidate of at least this salience becomes a fact; before, recall does not find it."),
            DuplicateCosine = settings.Number(
                ConsolidationRules.CosineRange, standard.DuplicateCosine,
                "Least cosine of two sentences' word vectors for them to count as one fact."),
            DuplicateOverlap = settings.Number(
                ConsolidationRules.OverlapRange, standard.DuplicateOverlap,
                "Least share of word stems that two sentences have in common for them to count as one fact."),
        };
    }

    public static TierRules ReadTiers(MemorySettings settings)
    {
        var standard = new TierRules();
        return standard with
        {
            General = new TierWeights(
                ReadWeight(settings, "EPISODE", standard.General.Episode,
                "What an episode's score is multiplied by beside turns; 0 leaves episodes out."),
                ReadWeight(settings, "FACT", standard.General.Fact, "The same of facts that distillation found."),
                ReadWeight(settings, "DIRECT", standard.General.Direct, "The same of what agents wrote themselves.")),
            ByIntent = ReadIntents(settings, standard),
            SalienceSpread = settings.Number(
                TierRules.SalienceRange, standard.SalienceSpread,
                "A memory of salience 0 is multiplied by 1 less this, one of salience 1 by 1 and this."),
            RecencyGain = settings.Number(TierRules.RecencyRange, standard.RecencyGain, "What a memory of this moment gains."),
            RecencyGainWhenRecent = settings.Number(TierRules.RecentRange, standard.RecencyGainWhenRecent,
            "The same when the question is about what is recent."),
            RecencyHalfLifeDays = settings.Number(TierRules.HalfLifeRange, standard.RecencyHalfLifeDays,
            "After so many days half of that gain is left."),
        };
    }

    private static double ReadWeight(MemorySettings settings, string tier, double standard, string description) =>
        settings.Number(WeightRange with { Name = $"{WeightRange.Name}_{tier}" }, standard, description);

    private static IReadOnlyDictionary<string, double> ReadHalfLives(MemorySettings settings) => settings.Read(
        new SettingDefinition(
            "MEMORY_SALIENCE_HALF_LIFE_KINDS", "days", string.Empty, "KIND=DAYS, separated by commas, each from 0.01 to 36500",
            "Half-lives of single kinds in place of their tier's, like reflection=90,procedure=365."),
        new SalienceRules().KindHalfLifeDays,
        static (string text, out IReadOnlyDictionary<string, double> value) =>
            SettingPairs.TryParse(text,
            static (string days, out double number) => SettingPairs.TryNumber(days, SalienceRules.HalfLifeRange, out number), out value)
            && value.Keys.All(static kind => Identifiers.IsValid(kind)));

    private static IReadOnlyDictionary<string, TierWeights> ReadIntents(MemorySettings settings, TierRules standard) => settings.Read(
        new SettingDefinition(
            "MEMORY_RECALL_WEIGHTS_BY_INTENT", null,
            string.Join(',', standard.ByIntent.Select(static pair =>
            string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value.Episode}:{pair.Value.Fact}:{pair.Value.Direct}"))),
            $"INTENT=EPISODE:FACT:DIRECT, separated by commas, each weight from 0 to 10; intents are "
            + $"{string.Join(", ", IntentPolicy.Intents)}",
            "The three weights above for questions of an intent that has its own."),
        standard.ByIntent,
        static (string text, out IReadOnlyDictionary<string, TierWeights> value) =>
            SettingPairs.TryParse(text, TryWeights, out value) && value.Keys.All(IntentPolicy.Intents.Contains));

    private static bool TryWeights(string text, out TierWeights weights)
    {
        weights = new TierWeights(0, 0, 0);
        if (text.Split(':') is not [var episode, var fact, var direct]
            || !SettingPairs.TryNumber(episode, WeightRange, out var first)
            || !SettingPairs.TryNumber(fact, WeightRange, out var second)
            || !SettingPairs.TryNumber(direct, WeightRange, out var third))
        {
            return false;
        }

        weights = new TierWeights(first, second, third);
        return true;
    }
}
