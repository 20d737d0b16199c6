using System.CommandLine;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;

namespace MemoryOrleans.Cli.Sessions;

/// <summary><c>memory context</c>: a session as a block for a prompt.</summary>
internal static class ContextCommand
{
    private static readonly Argument<string> Session = new("SESSION") { Description = "The session's id" };

    private static readonly Argument<string[]> Question = new("QUESTION")
    {
        Description = "Also what is recalled for this, in words", Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int?> MaxTokens =
        OptionForms.Integer("--max-tokens", 1, 1_000_000, "Budget for the block, in estimated tokens");

    public static Command Create() => new ExplainedCommand("context", "Show the block that an agent would put into its prompt.", """
        The session's working memory and its summary; with a question also what is recalled beyond them. Every entry ends in the
        label of what it cites, which --json resolves.

        Example:
          memory context awake "When does the band rehearse?" --max-tokens 300
        """)
    {
        Session, Question, MaxTokens, JsonOutput.Option,
    }.Against(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var question = parsed.GetValue(Question) is { Length: > 0 } words ? string.Join(' ', words) : null;
        var context = await connection.Client.GetContextAsync(parsed.GetRequiredValue(Session), question, parsed.GetValue(MaxTokens),
            cancel);
        if (!JsonOutput.TryPrint(parsed, context, JsonOutput.Types.ContextResponse))
            await Console.Out.WriteLineAsync(Screen.Printable(context.Text));
        return ExitCode.Done;
    }
}
