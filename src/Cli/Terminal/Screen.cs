using System.Globalization;
using Spectre.Console;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>Consoles for tables: as wide as the terminal, or of a fixed width and without colours where there is none.</summary>
internal static class Screen
{
    private const int WidthWhenRedirected = 100;
    private const int WidthMin = 40;

    public static IAnsiConsole Out() => Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error() => Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Text as it is: brackets are no markup, and control characters cannot drive the terminal.</summary>
    public static Spectre.Console.Text Plain(string text, Style? style = null) => new(Printable(text), style);

    /// <summary>Without control characters; line ends stay, tabs become spaces.</summary>
    public static string Printable(string text)
    {
        text = text.ReplaceLineEndings("\n").Replace("\t", "    ", StringComparison.Ordinal);
        return text.Any(static c => char.IsControl(c) && c != '\n')
            ? string.Create(text.Length, text, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = char.IsControl(source[i]) && source[i] != '\n' ? '\ufffd' : source[i];
            })
            : text;
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (redirected)
            console.Profile.Width = Columns() ?? WidthWhenRedirected;
        return console;
    }

    private static int? Columns() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            ? Math.Max(columns, WidthMin)
            : null;
}
