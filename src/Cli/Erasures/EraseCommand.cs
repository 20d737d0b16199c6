using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Erasures;

/// <summary><c>memory erase</c>: a memory, a session or all of a user, for good.</summary>
internal static class EraseCommand
{
    private static readonly Option<string?> Memory = OptionForms.Word("--memory", "ID", "Erase this memory, in every version");

    private static readonly Option<string?> Session = OptionForms.Word("--session", "ID", "Erase this session and what was derived from it");

    private static readonly Option<string?> User = OptionForms.Word("--user", "ID", "Erase all that is this user's and what was derived from it");

    private static readonly Option<string?> Receipt = OptionForms.Word("--receipt", "ID", "Erase nothing: show this erasure");

    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask" };

    public static Command Create() => new ExplainedCommand("erase", "Erase a memory, a session or all of a user, for good.", """
        Exactly one of --memory, --session, --user and --receipt. It cannot be undone; the answer is the receipt. What takes
        long goes on by itself: --receipt shows when it is done. Needs the scope admin.
        """)
    {
        Memory, Session, User, Receipt, Yes,
    }.Against(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var (memory, session, user, receipt) = (parsed.GetValue(Memory), parsed.GetValue(Session), parsed.GetValue(User), parsed.GetValue(Receipt));
        if (new[] { memory, session, user, receipt }.Count(static id => id is not null) != 1)
            throw new UsageException("Exactly one of --memory, --session, --user and --receipt is needed.");
        if (receipt is not null)
        {
            Print(await connection.Client.GetErasureAsync(receipt, cancel));
            return ExitCode.Done;
        }

        var what = memory is not null ? $"memory {memory}" : session is not null ? $"session {session}" : $"user {user}";
        if (!parsed.GetValue(Yes) && !await ConfirmAsync(what))
        {
            await Console.Error.WriteLineAsync("Nothing was erased.");
            return ExitCode.Refused;
        }

        Print(await (memory is not null
            ? connection.Client.EraseMemoryAsync(memory, cancel)
            : session is not null ? connection.Client.EraseSessionAsync(session, cancel) : connection.Client.EraseUserAsync(user!, cancel)));
        return ExitCode.Done;
    }

    // Without a person to ask, only --yes will do.
    private static async Task<bool> ConfirmAsync(string what)
    {
        if (Console.IsInputRedirected)
            throw new UsageException("There is nobody to ask: say --yes.");
        await Console.Error.WriteAsync($"Erase {Screen.Printable(what)} for good? [y/N] ");
        return string.Equals(Console.ReadLine()?.Trim(), "y", StringComparison.OrdinalIgnoreCase);
    }

    private static void Print(ErasureResponse erasure)
    {
        var counts = erasure.Counts;
        (string Name, long Count)[] named =
        [
            ("turns", counts.Turns), ("vectors", counts.Vectors), ("idempotency records", counts.IdempotencyRecords), ("due work", counts.DueWork),
            ("memories", counts.Memories), ("versions", counts.Versions), ("redacted memories", counts.Redacted),
            ("observations", counts.Observations), ("entities", counts.Entities), ("relations", counts.Relations),
        ];
        Console.WriteLine($"Erasure {erasure.Id}: {erasure.State}.");
        foreach (var (name, count) in named.Where(static each => each.Count > 0))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count} {name}"));
        if (erasure.Digest is { } digest)
            Console.WriteLine($"  digest {digest}");
    }
}
