using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Memory.Tests.Memories;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Tiers;

namespace MemoryOrleans.Memory.Tests.Recall.Tiers;

public sealed class ScoreMemoryTests
{
    [Fact]
    public void The_parts_sum_to_the_score_and_the_factors_stay_small() =>
        Prop.ForAll(Gen.Choose(0, 2_000_000).ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), Gen.Choose(-10, 900).ToArbitrary(),
        static (score, salience, days) =>
        {
            var parts = ScoreParts.Rounded(score / 1e6, score / 3e6, 0, score / 7e6, 1);
            var memory = Some.Fact("f") with { Salience = new(salience / 100.0, Some.Start) };
            var (total, tier) = new ScoreMemory(Some.Curve, new TierRules(), "recent", Some.Day(days))
                .Score(memory, parts, new ScopePlace("user", 1));

            Assert.Equal(total, parts.Lexical + parts.Vector + parts.Smoothing + parts.Session + parts.Subject + tier.Part, 1e-6);
            Assert.Equal(total, parts.Score * tier.Weight * tier.SalienceFactor * tier.RecencyFactor * tier.ScopeFactor, 2e-6);
            Assert.InRange(tier.SalienceFactor, 0.9, 1.1);
            Assert.InRange(tier.RecencyFactor, 1, 1.25);
        }).Check(SameCases.Quick);

    [Fact]
    public void The_intents_kept_are_bounded_and_the_same_as_the_policys()
    {
        var cache = new IntentCache(2);

        Assert.Equal("entity", cache.Of("Who is Bob?"));
        Assert.Equal("procedural", cache.Of("How do I bake?"));
        Assert.Equal("entity", cache.Of("Who is Bob?"));
        Assert.Equal("general", cache.Of("bread"));
        Assert.Equal(2, cache.Count);
    }
}
