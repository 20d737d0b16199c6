using System.Globalization;
using MemoryOrleans.Episodes;
using MemoryOrleans.Settings;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>When turns are distilled into episodes and facts without being asked for.</summary>
public static class DistillationSettings
{
    private const string EveryTurns = "MEMORY_DISTIL_EVERY_TURNS";

    /// <summary>Reads, defines and checks them; errors are collected in <paramref name="settings"/>.</summary>
    public static DistillationPace Read(MemorySettings settings, WorkingMemoryLimits window)
    {
        // Unset it follows a smaller working memory; only who sets it can contradict that.
        var turns = settings.Read(
            new SettingDefinition(
                EveryTurns, "turns", string.Empty, "a whole number of turns from 1 to 100",
                "A session is distilled into episodes and facts after so many turns, at most MEMORY_WM_MAX_TURNS. Default: 20, or as "
                + "many as that where it is less."),
            Math.Min(20, window.TurnsMax),
            static (string text, out int value) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= 100);
        if (turns > window.TurnsMax)
            settings.Reject(EveryTurns,
                string.Create(CultureInfo.InvariantCulture, $"must be at most MEMORY_WM_MAX_TURNS ({window.TurnsMax}), but is '{turns}'"));
        return new DistillationPace
        {
            EveryTurns = turns,
            Idle = TimeSpan.FromSeconds(settings.Integer(
                "MEMORY_DISTIL_IDLE_SECONDS", 600, 1, 604_800, "seconds",
                "A session in which nothing was said for so long is distilled too, as is one that is closed.")),
        };
    }

    /// <summary>Bounds of what a distillation makes.</summary>
    public static DistillationLimits ReadLimits(MemorySettings settings)
    {
        var standard = new DistillationLimits();
        return new DistillationLimits(
            settings.Integer("MEMORY_DISTIL_EPISODE_MAX_TURNS", standard.TurnsMax, 2, 500, "turns", "Turns made into one episode at most."),
            settings.Integer("MEMORY_DISTIL_SUMMARY_MAX_TOKENS", standard.SummaryTokensMax, 20, 2_000, "tokens",
            "Estimated tokens of an episode's summary."),
            settings.Integer("MEMORY_DISTIL_MAX_FACTS", standard.FactsMax, 0, 200, "facts",
            "Candidate facts taken from one episode at most; 0: none."));
    }
}
