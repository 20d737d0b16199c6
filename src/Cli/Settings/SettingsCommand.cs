using System.CommandLine;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Settings;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Cli.Settings;

/// <summary><c>memory settings</c>: every setting there is, from the registry that reads them.</summary>
internal static class SettingsCommand
{
    private static readonly Option<bool> Env = new("--env") { Description = "In the form of an .env file, with the defaults" };

    private static readonly Option<bool> Markdown = new("--markdown") { Description = "In the form of docs/settings.md" };

    public static Command Create()
    {
        var command = new ExplainedCommand("settings", "List every MEMORY_* setting with its default, unit, range and meaning.", """
            Settings are environment variables; `memory serve` also reads them from appsettings.json in the current directory,
            where the environment wins. The last two are of the commands that talk to a memory.
            """)
        {
            Env, Markdown,
        };
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Env) && result.GetValue(Markdown))
                result.AddError("Choose one of --env and --markdown.");
        });
        command.SetAction(static parsed => Run(parsed));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var definitions = Definitions();
        if (parsed.GetValue(Env))
            Console.Out.Write(SettingsText.ToEnv(definitions));
        else if (parsed.GetValue(Markdown))
            Console.Out.Write(SettingsText.ToMarkdown(definitions));
        else
            SettingsText.ToTable(definitions).Write(Screen.Out());
        return ExitCode.Done;
    }

    /// <summary>All settings, of no configuration: what is set here and now does not matter.</summary>
    private static IReadOnlyList<SettingDefinition> Definitions()
    {
        var settings = new MemorySettings(new ConfigurationBuilder().Build());
        AllSettings.Read(settings);
        return settings.Definitions;
    }
}
