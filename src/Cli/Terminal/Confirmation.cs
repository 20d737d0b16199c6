using System.CommandLine;
using MemoryOrleans.Cli.Connecting;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>Asks before something is destroyed, having said how much.</summary>
internal static class Confirmation
{
    public static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask" };

    /// <param name="describe">What would go, in one or more lines; only asked for when a person is.</param>
    /// <returns>True when it may be done.</returns>
    /// <exception cref="UsageException">There is nobody to ask, and no <c>--yes</c>.</exception>
    public static async Task<bool> AskAsync(ParseResult parsed, string question, Func<Task<string>> describe)
    {
        if (parsed.GetValue(Yes))
            return true;
        await Console.Error.WriteLineAsync(Screen.Printable(await describe()));
        if (Console.IsInputRedirected)
            throw new UsageException("There is nobody to ask: say --yes.");
        await Console.Error.WriteAsync($"{Screen.Printable(question)} [y/N] ");
        if (string.Equals(Console.ReadLine()?.Trim(), "y", StringComparison.OrdinalIgnoreCase))
            return true;
        await Console.Error.WriteLineAsync("Nothing was done.");
        return false;
    }
}
