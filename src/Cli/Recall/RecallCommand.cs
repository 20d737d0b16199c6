using System.CommandLine;
using System.CommandLine.Parsing;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Recall;

/// <summary><c>memory recall</c>: what the memory knows about a question.</summary>
internal static class RecallCommand
{
    private static readonly Argument<string[]> Query = new("QUERY")
    {
        Description = "What to look for, in words, with or without quotation marks",
        Arity = ArgumentArity.OneOrMore,
        Validators = { RefuseOptions },
    };

    private static readonly Option<string?> User = OptionForms.Word("--user", "USER", "Only this user's sessions");

    private static readonly Option<string?> Agent = OptionForms.Word("--agent", "AGENT", "Only this agent's sessions");

    private static readonly Option<string?> Session = OptionForms.Word(
        "--session", "SESSION", "Alone: only this session. Beside --user: that session too, with its working memory");

    private static readonly Option<int?> Limit = OptionForms.Integer("--limit", 1, 100, "Most items to show; default 10");

    private static readonly Option<string[]> Kinds = new("--kinds")
    {
        Description = "Only items of these kinds, separated by commas: turn, episode, fact, or an agent's own",
        HelpName = "KIND,…",
        CustomParser = static result =>
            [.. result.Tokens.SelectMany(static token =>
            token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    private static readonly Option<double?> MinScore =
        OptionForms.Fraction("--min-score", "Least relevance of an item, absolutely and not beside the others");

    private static readonly Option<int?> MaxTokens =
        OptionForms.Integer("--max-tokens", 1, 1_000_000, "Budget for the items' contents, in estimated tokens");

    private static readonly Option<DateTimeOffset?> Valid =
        OptionForms.Time("--as-of-valid", "Answer what was true at this time, like 2025-03-14T09:26:53Z");

    private static readonly Option<DateTimeOffset?> Known =
        OptionForms.Time("--as-of-known", "Answer what the memory had been told by this time");

    private static readonly Option<bool> Explain =
        new("--explain") { Description = "Also show what each score is the sum of, and the words that matched" };

    public static Command Create() => new ExplainedCommand("recall", "Ask the memory: what matches best, with where it comes from.", """
        score orders the items and is relative to the question; relevance is absolute, from 0 to 1, and what --min-score speaks of.

        Examples:
          memory recall "When did Pascal wake up?" --user mira
          memory recall "band rehearsal" --limit 3 --explain
        """)
    {
        Query, User, Agent, Session, Limit, Kinds, MinScore, MaxTokens, Valid, Known, Explain, JsonOutput.Option,
    }.Against(RunAsync);

    // A misspelt option would otherwise be taken for a word of the question.
    private static void RefuseOptions(ArgumentResult words)
    {
        foreach (var word in words.Tokens.Select(static token => token.Value)
            .Where(static word => word.StartsWith("--", StringComparison.Ordinal)))
            words.AddError($"{word} is not an option of this command; put words that begin with -- into quotation marks with others.");
    }

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var request = RequestOf(parsed);
        if (parsed.GetValue(JsonOutput.Option))
        {
            await using var output = Console.OpenStandardOutput();
            await connection.Client.CopyRecallAsync(request, output, cancel);
            await output.WriteAsync("\n"u8.ToArray(), cancel);
            return ExitCode.Done;
        }

        RecallTable.Print(Screen.Out(), await connection.Client.RecallAsync(request, cancel));
        return ExitCode.Done;
    }

    private static RecallRequest RequestOf(ParseResult parsed)
    {
        var (valid, known) = (parsed.GetValue(Valid), parsed.GetValue(Known));
        return new RecallRequest
        {
            Query = string.Join(' ', parsed.GetRequiredValue(Query)),
            UserId = parsed.GetValue(User),
            AgentId = parsed.GetValue(Agent),
            SessionId = parsed.GetValue(Session),
            Limit = parsed.GetValue(Limit),
            Kinds = parsed.GetValue(Kinds) is { Length: > 0 } kinds ? kinds : null,
            MinScore = parsed.GetValue(MinScore),
            MaxTokens = parsed.GetValue(MaxTokens),
            AsOf = valid is null && known is null ? null : new AsOfInput { Valid = valid, Known = known },
            Explain = parsed.GetValue(Explain) ? true : null,
        };
    }
}
