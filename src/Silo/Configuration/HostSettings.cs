using System.Globalization;
using MemoryOrleans.Engine;
using MemoryOrleans.Grains;
using MemoryOrleans.Settings;
using MemoryOrleans.Recall;
using MemoryOrleans.Redaction;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>The settings of a process's memory: where it keeps its data, what embeds it, and how much it holds in memory.</summary>
public sealed record HostSettings(
    StoreSettings Store, EmbeddingSettings Embedding, ChatSettings Chat, EngineOptions Memory, ShardReminders Reminders)
{
    /// <summary>Reads, defines and checks them; errors are collected in <paramref name="settings"/>.</summary>
    public static HostSettings Read(MemorySettings settings)
    {
        var store = StoreSettings.Read(settings);
        var embedding = EmbeddingSettings.Read(settings);
        var window = new WorkingMemoryLimits(
            settings.Integer("MEMORY_WM_MAX_TURNS", 20, 1, 100, "turns", "Turns in a session's working memory."),
            settings.Integer("MEMORY_WM_MAX_TOKENS", 4_000, 100, 1_000_000, "tokens", "Estimated tokens in a session's working memory."),
            settings.Integer(
                "MEMORY_WM_SUMMARY_MAX_TOKENS", 600, 0, 100_000, "tokens",
                "Estimated tokens of the summary of what left a session's working memory, shown beside it; 0: none."));
        var pace = DistillationSettings.Read(settings, window);
        var chat = ChatSettings.Read(settings);
        var limits = DistillationSettings.ReadLimits(settings);
        var memory = new EngineOptions
        {
            Window = window,
            Distillation = pace,
            Redact = ReadRedact(settings),

            // A model takes seconds for what the rules do in milliseconds: one request a commit.
            Distilled = chat.Model is null ? limits : limits with { EpisodesPerSlice = 1 },
            DistillerAttemptsMax = chat.AttemptsMax,
            Consolidation = MemoryRuleSettings.ReadConsolidation(settings),
            Salience = MemoryRuleSettings.ReadSalience(settings),
            Tiers = MemoryRuleSettings.ReadTiers(settings),
            Upkeep = UpkeepSettings.Read(settings),
            Index = ReadIndex(settings),
            RecallConcurrency = ReadRecallConcurrency(settings),
            EmbeddingPatience = TimeSpan.FromMilliseconds(settings.Integer(
                "MEMORY_RECALL_EMBEDDING_MILLISECONDS", 1_000, 10, 30_000, "milliseconds",
                "How long a recall waits for the neural model, and again for its nearest turns, before it ranks without them.")),
            RelevanceMin = ReadRelevanceMin(settings),
            Due = DueSettings.Read(settings),
            Webhooks = WebhookSettings.Read(settings),
            LooksForDueWork = DueSettings.ReadLooks(settings),
            SweepPeriod = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_SWEEP_SECONDS", 30, 1, 3_600, "seconds", "Time between rounds that drop what is idle or expired.")),
        };
        chat.Check(settings, memory.Due);
        return new HostSettings(store, embedding, chat, memory, DueSettings.ReadReminders(settings));
    }

    private static RedactionPacks ReadRedact(MemorySettings settings) => settings.Read(
        new SettingDefinition(
            "MEMORY_REDACT", null, "none", RedactionNames.Form,
            "What is taken out of texts before they are stored, a label like [card] in its place, for tenants for which nothing else is "
            + "set (PATCH /v1/admin/tenants/{tenant})."),
        RedactionPacks.None,
        static (string text, out RedactionPacks packs) =>
        {
            var read = RedactionNames.TryParse(text.Split(',', StringSplitOptions.TrimEntries));
            packs = read ?? RedactionPacks.None;
            return read is not null;
        });

    private static double? ReadRelevanceMin(MemorySettings settings) => settings.Read<double?>(
        new SettingDefinition(
            "MEMORY_RECALL_MIN_SCORE", "relevance", string.Empty, "a number from 0 to 1",
            "A recall that names no min_score answers nothing where none of its first ten items is so relevant; 0: always what ranks best. "
            + "Default: 0.1 where the local encoder read the question, else none. Without the encoder it judges questions in English."),
        null,
        static (string text, out double? value) =>
        {
            value = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
            return value is >= 0 and <= 1;
        });

    private static RecallIndexLimits ReadIndex(MemorySettings settings) => new(
        TimeSpan.FromSeconds(settings.Integer(
            "MEMORY_INDEX_IDLE_SECONDS", 1_800, 10, 604_800, "seconds",
            "A user's recall index unused for so long is dropped, and built again when asked for.")),
        settings.Integer(
            "MEMORY_INDEX_MAX_MEGABYTES", 2_048, 16, 1_048_576, "MiB",
            "Above this, the recall indexes idle longest are dropped too.") * 1024L * 1024)
    {
        BuildsMax = settings.Integer(
            "MEMORY_INDEX_BUILDS_MAX", RecallIndexLimits.BuildsMaxDefault, 1, 64, "users",
            "Users whose recall indexes are built from the database at a time, after a start or another process's end; others wait."),
    };

    // The default is named, not numbered: what is documented is the same on every machine.
    private static int ReadRecallConcurrency(MemorySettings settings) => settings.Read(
        new SettingDefinition(
            "MEMORY_RECALL_CONCURRENCY", "recalls", string.Empty, "a whole number of recalls from 1 to 1024",
            "Recalls ranked at a time; others wait. Default: one less than the processors, at least 1, so that appends find one free."),
        EngineOptions.RecallConcurrencyDefault,
        static (string text, out int value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= 1_024);
}
