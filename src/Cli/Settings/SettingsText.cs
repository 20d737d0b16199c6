using System.Globalization;
using System.Text;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Settings;

namespace MemoryOrleans.Cli.Settings;

/// <summary>The settings as a table, as an .env file and as a page of the documentation.</summary>
internal static class SettingsText
{
    public static Listing ToTable(IReadOnlyList<SettingDefinition> definitions)
    {
        var table = new Listing(separated: true, "Setting", "Default", "Meaning");
        foreach (var setting in definitions)
            table.Add(setting.Name, DefaultOf(setting), $"{setting.Description}\nMust be {setting.Range}.");

        return table;
    }

    public static string ToEnv(IReadOnlyList<SettingDefinition> definitions)
    {
        var text = new StringBuilder("""
            # Every setting with its default. An empty value counts as none.
            # Made by `memory settings --env`; docs/settings.md has the same as a table.

            """);
        foreach (var setting in definitions)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n# {setting.Description}\n# Must be {setting.Range}.");
            if (setting.Secret)
                text.Append(" A secret.");
            text.Append(CultureInfo.InvariantCulture, $"\n{setting.Name}={setting.Default}\n");
        }

        return text.ToString();
    }

    public static string ToMarkdown(IReadOnlyList<SettingDefinition> definitions)
    {
        var text = new StringBuilder("""
            # Settings

            <!-- Made by `memory settings --markdown`; a test compares it with the code. -->

            Settings are environment variables, or members of the same names in an `appsettings.json` in the directory that
            `memory serve` is started in; the environment wins. An empty value counts as none. Everything that is wrong with
            them is reported at once at start-up, and the exit code is 78. `.env.example` has them all with their defaults.

            | Setting | Default | Unit | Must be | Meaning |
            |---|---|---|---|---|

            """);
        foreach (var setting in definitions)
        {
            var standard = setting.Default.Length == 0 ? string.Empty : $"`{setting.Default}`";
            var secret = setting.Secret ? " A secret." : string.Empty;
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{setting.Name}` | {standard} | {setting.Unit} | {Cell(setting.Range)} | {Cell(setting.Description)}{secret} |\n");
        }

        return text.ToString();
    }

    private static string DefaultOf(SettingDefinition setting)
    {
        var unit = setting.Default.Length == 0 ? null : setting.Unit;
        return unit is null ? setting.Default : $"{setting.Default} {unit}";
    }

    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
