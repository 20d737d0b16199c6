using System.Globalization;
using MemoryOrleans.Settings;
using MemoryOrleans.Retention;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>What becomes of old memories and sessions, and how often it is seen to.</summary>
internal static class UpkeepSettings
{
    private const string Rules = "MEMORY_RETENTION_RULES";
    private const string Any = "*";
    private const int PeriodMax = 2_592_000;

    private static readonly string MaxAge = RetentionRule.MaxAgeRange.Name;

    /// <summary>Reads, defines and checks them; errors are collected in <paramref name="settings"/>.</summary>
    public static UpkeepRules Read(MemorySettings settings)
    {
        var retention = ReadRetention(settings);
        var period = Seconds(settings, "MEMORY_RETENTION_SCHEDULE_SECONDS",
            "Time from one round of retention to the next, for each tenant.");
        var ttl = settings.Integer(
            "MEMORY_SESSION_TTL_DAYS", 0, 0, 36_500, "days",
            "A session in which nothing happened for so long is removed with its turns; memories made of it stay. 0: never.");
        var auditDays = settings.Integer(
            "MEMORY_AUDIT_RETENTION_DAYS", 0, 0, 36_500, "days",
            "Entries of the audit trail are kept for so long, and then removed from its beginning every "
            + "MEMORY_RETENTION_SCHEDULE_SECONDS; the rest stays verifiable. 0: for good.");
        return new UpkeepRules
        {
            AuditRetention = auditDays == 0 ? null : TimeSpan.FromDays(auditDays),
            Retention = retention,
            RetentionPeriod = period,
            SessionTtl = ttl == 0 ? null : TimeSpan.FromDays(ttl),
            SessionCleanupPeriod = Seconds(settings, "MEMORY_SESSION_CLEANUP_SECONDS",
            "Time from one look for such sessions to the next, for each tenant."),
            DecaySweepPeriod = Seconds(
                settings, "MEMORY_DECAY_SWEEP_SECONDS",
                "Time from one sweep that writes down how far saliences have fallen to the next, for each tenant."),
        };
    }

    private static TimeSpan Seconds(MemorySettings settings, string name, string description) =>
        TimeSpan.FromSeconds(settings.Integer(name, 86_400, 60, PeriodMax, "seconds", description));

    private static RetentionSettings ReadRetention(MemorySettings settings)
    {
        var standard = new RetentionRule();
        var range = RetentionRule.MaxAgeRange;
        var maxAge = settings.Read(
            new SettingDefinition(
                range.Name, range.Unit, string.Empty,
                string.Create(CultureInfo.InvariantCulture, $"a number of {range.Unit} from {range.Min} to {range.Max}"),
                "Memories whose current version is older and whose importance is below the threshold are archived. Unset: only what "
                + "MEMORY_RETENTION_RULES names."),
            (double?)null,
            static (string text, out double? value) =>
            {
                var isRight = SettingPairs.TryNumber(text, RetentionRule.MaxAgeRange, out var number);
                value = number;
                return isRight;
            });
        var general = new RetentionRule
        {
            MaxAgeDays = maxAge ?? standard.MaxAgeDays,
            ImportanceThreshold = settings.Number(RetentionRule.ImportanceRange, standard.ImportanceThreshold,
            "What is at least this important is never archived or deleted by retention."),
            DeleteAfterDays = settings.Number(RetentionRule.DeleteAfterRange, standard.DeleteAfterDays,
            "Archived memories below the threshold are deleted after so many days more."),
        };
        return Compose(settings, maxAge is null ? null : general, ReadRules(settings));
    }

    private static IReadOnlyDictionary<string, RetentionRule> ReadRules(MemorySettings settings) =>
        settings.Read<IReadOnlyDictionary<string, RetentionRule>>(
        new SettingDefinition(
            Rules, null, string.Empty,
            "TENANT/KIND=MAX_AGE_DAYS:IMPORTANCE_THRESHOLD:DELETE_AFTER_DAYS, separated by commas; * for any tenant or kind",
            "Rules of single tenants and kinds, like */episode=90:0.5:30,acme/*=30:1:7. A kind's rule comes before that for any kind; a "
            + "tenant's own rules replace all others for it."),
        new Dictionary<string, RetentionRule>(StringComparer.Ordinal),
        static (string text, out IReadOnlyDictionary<string, RetentionRule> value) =>
            SettingPairs.TryParse(text, TryRule, out value) && value.Keys.All(IsPlace));

    private static RetentionSettings Compose(
        MemorySettings settings, RetentionRule? standard, IReadOnlyDictionary<string, RetentionRule> rules)
    {
        if (standard is not null && rules.ContainsKey($"{Any}/{Any}"))
            settings.Reject(Rules, $"*/* is what {MaxAge} sets; one of the two must go");
        var byTenant = rules.GroupBy(static pair => pair.Key.Split('/')[0],
            static pair => (Kind: pair.Key.Split('/')[1], Rule: pair.Value), StringComparer.Ordinal)
            .ToDictionary(
                static tenant => tenant.Key,
                static tenant => new RetentionRules
                {
                    Default = tenant.FirstOrDefault(static each => each.Kind == Any).Rule,
                    ByKind = tenant.Where(static each => each.Kind != Any)
                    .ToDictionary(static each => each.Kind, static each => each.Rule, StringComparer.Ordinal),
                },
                StringComparer.Ordinal);
        byTenant.Remove(Any, out var general);
        general ??= new RetentionRules();
        return new RetentionSettings { General = general with { Default = standard ?? general.Default }, ByTenant = byTenant };
    }

    private static bool TryRule(string text, out RetentionRule rule)
    {
        rule = new RetentionRule();
        if (text.Split(':') is not [var age, var importance, var after]
            || !SettingPairs.TryNumber(age, RetentionRule.MaxAgeRange, out var maxAge)
            || !SettingPairs.TryNumber(importance, RetentionRule.ImportanceRange, out var threshold)
            || !SettingPairs.TryNumber(after, RetentionRule.DeleteAfterRange, out var deleteAfter))
        {
            return false;
        }

        rule = new RetentionRule { MaxAgeDays = maxAge, ImportanceThreshold = threshold, DeleteAfterDays = deleteAfter };
        return true;
    }

    private static bool IsPlace(string place) => place.Split('/') is [var tenant, var kind]
        && (tenant == Any || Identifiers.IsValidTenant(tenant)) && (kind == Any || Identifiers.IsValid(kind));
}
