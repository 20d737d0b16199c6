using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Engine;
using MemoryOrleans.Facts;
using MemoryOrleans.Settings;
using MemoryOrleans.Recall.Tiers;
using MemoryOrleans.Redaction;
using MemoryOrleans.Retention;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Cli.Tests.Serve;

public sealed class LifeSettingsTests
{
    [Fact]
    public void Unset_they_are_the_defaults_of_the_core_and_retention_is_off()
    {
        var (options, errors) = Read();

        Assert.Empty(errors);
        Assert.Equal(new ConsolidationRules(), options.Consolidation);
        Assert.Equal((30, 180, 0.15, 0.05, 0.25), (
            options.Salience.EpisodicHalfLifeDays, options.Salience.SemanticHalfLifeDays, options.Salience.CitationGain,
            options.Salience.RecallGain, options.Salience.RepetitionGain));
        Assert.Equal(new TierRules().General, options.Tiers.General);
        Assert.Equal(new TierRules().ByIntent, options.Tiers.ByIntent);
        Assert.Null(options.Upkeep.SessionTtl);
        Assert.Null(options.Upkeep.Retention.Of("acme").Of("fact"));
    }

    [Fact]
    public void Half_lives_and_weights_are_read_by_kind_and_by_intent()
    {
        var (options, errors) = Read(
            "MEMORY_SALIENCE_HALF_LIFE_KINDS=reflection=90, procedure=365", "MEMORY_RECALL_WEIGHTS_BY_INTENT=entity=1:2:3",
            "MEMORY_RECALL_WEIGHT_FACT=2",
            "MEMORY_PROMOTION_SALIENCE_THRESHOLD=0.7", "MEMORY_DISTIL_MAX_FACTS=3");

        Assert.Empty(errors);
        Assert.Equal([("reflection", 90.0), ("procedure", 365.0)],
            options.Salience.KindHalfLifeDays.Select(static pair => (pair.Key, pair.Value)));
        Assert.Equal(new TierWeights(1, 2, 3), options.Tiers.WeightsOf("entity"));
        Assert.Equal(2, options.Tiers.WeightsOf("recent").Fact);
        Assert.Equal(0.7, options.Consolidation.PromotionSalience);
        Assert.Equal(3, options.Distilled.FactsMax);
    }

    [Fact]
    public void What_is_redacted_for_everybody_is_a_list_of_packs_and_by_default_nothing()
    {
        Assert.Equal(RedactionPacks.None, Read().Options.Redact);
        Assert.Equal(RedactionPacks.Cards | RedactionPacks.Emails, Read("MEMORY_REDACT=cards, emails").Options.Redact);
        Assert.True(Read("MEMORY_REDACT=all").Options.Redact.HasFlag(RedactionPacks.Phones));
        Assert.Contains("MEMORY_REDACT: must be a list of secrets", Assert.Single(Read("MEMORY_REDACT=card").Errors),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_maximal_age_turns_retention_on_for_every_tenant_and_kind()
    {
        var (options, errors) = Read("MEMORY_RETENTION_MAX_AGE_DAYS=90", "MEMORY_RETENTION_IMPORTANCE_THRESHOLD=0.5",
            "MEMORY_SESSION_TTL_DAYS=30");

        Assert.Empty(errors);
        Assert.Equal(new RetentionRule { MaxAgeDays = 90, ImportanceThreshold = 0.5 }, options.Upkeep.Retention.Of("acme").Of("fact"));
        Assert.Equal(TimeSpan.FromDays(30), options.Upkeep.SessionTtl);
    }

    [Fact]
    public void Rules_of_tenants_and_kinds_are_read_from_one_setting()
    {
        var (options, errors) = Read("MEMORY_RETENTION_RULES=*/episode=90:0.5:30, acme/*=30:1:7,acme/fact=400:0.1:0");
        var retention = options.Upkeep.Retention;

        Assert.Empty(errors);
        Assert.Equal(90, retention.Of("other").Of("episode")!.MaxAgeDays);
        Assert.Null(retention.Of("other").Of("fact"));
        Assert.Equal(new RetentionRule { MaxAgeDays = 30, ImportanceThreshold = 1, DeleteAfterDays = 7 },
            retention.Of("acme").Of("episode"));
        Assert.Equal(400, retention.Of("acme").Of("fact")!.MaxAgeDays);
    }

    [Theory]
    [InlineData("MEMORY_RETENTION_RULES=acme=30:1:7")]
    [InlineData("MEMORY_RETENTION_RULES=*/fact=0:1:7")]
    [InlineData("MEMORY_RETENTION_RULES=*/fact=30:1.1:7")]
    [InlineData("MEMORY_RETENTION_RULES=*/fact=30:1")]
    [InlineData("MEMORY_RETENTION_RULES=a:b/fact=30:1:7")]
    [InlineData("MEMORY_RETENTION_RULES=*/fact=30:1:7,*/fact=31:1:7")]
    [InlineData("MEMORY_RETENTION_MAX_AGE_DAYS=0")]
    [InlineData("MEMORY_RETENTION_SCHEDULE_SECONDS=59")]
    [InlineData("MEMORY_SESSION_TTL_DAYS=-1")]
    [InlineData("MEMORY_SALIENCE_HALF_LIFE_KINDS=reflection=0")]
    [InlineData("MEMORY_SALIENCE_HALF_LIFE_KINDS=two words=1")]
    [InlineData("MEMORY_RECALL_WEIGHTS_BY_INTENT=whim=1:1:1")]
    [InlineData("MEMORY_RECALL_WEIGHTS_BY_INTENT=recent=1:1:11")]
    [InlineData("MEMORY_PROMOTION_SALIENCE_THRESHOLD=1.1")]
    [InlineData("MEMORY_DUPLICATE_COSINE_THRESHOLD=nan")]
    [InlineData("MEMORY_DISTIL_EPISODE_MAX_TURNS=1")]
    [InlineData("MEMORY_DUE_OVERDUE_SECONDS=9")]
    public void What_is_malformed_or_out_of_range_is_refused_by_name(string value) =>
        Assert.StartsWith(value[..value.IndexOf('=', StringComparison.Ordinal)], Assert.Single(Read(value).Errors),
        StringComparison.Ordinal);

    [Fact]
    public void A_rule_for_all_beside_the_maximal_age_is_a_contradiction_and_every_error_is_told_at_once()
    {
        var errors = Read("MEMORY_RETENTION_RULES=*/*=30:1:7", "MEMORY_RETENTION_MAX_AGE_DAYS=90", "MEMORY_SALIENCE_CITATION_GAIN=2")
            .Errors;

        Assert.Equal(["MEMORY_SALIENCE_CITATION_GAIN", "MEMORY_RETENTION_RULES"], errors.Select(static error => error.Split(':')[0]));
    }

    private static (EngineOptions Options, IReadOnlyList<string> Errors) Read(params string[] values)
    {
        var pairs = values.Select(static value => value.Split('=', 2))
            .ToDictionary(static pair => pair[0], static pair => (string?)pair[1], StringComparer.Ordinal);
        var settings = new MemorySettings(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build());
        return (HostSettings.Read(settings).Memory, settings.Errors);
    }
}
