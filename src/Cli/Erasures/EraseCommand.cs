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

    private static readonly Option<string?> Session =
        OptionForms.Word("--session", "ID", "Erase this session and what was derived from it");

    private static readonly Option<string?> User =
        OptionForms.Word("--user", "ID", "Erase all that is this user's and what was derived from it");

    private static readonly Option<string?> Receipt = OptionForms.Word("--receipt", "ID", "Erase nothing: show this erasure");

    public static Command Create() => new ExplainedCommand("erase", "Erase a memory, a session or all of a user, for good.", """
        Exactly one of --memory, --session, --user and --receipt. It says how much would go, and asks, unless --yes is there. It
        cannot be undone; the answer is the receipt. What takes long goes on by itself: --receipt shows when it is
        done. Needs the scope admin.
        """)
    {
        Memory, Session, User, Receipt, Confirmation.Yes, JsonOutput.Option,
    }.Against(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var (memory, session, user, receipt) =
            (parsed.GetValue(Memory), parsed.GetValue(Session), parsed.GetValue(User), parsed.GetValue(Receipt));
        if (new[] { memory, session, user, receipt }.Count(static id => id is not null) != 1)
            throw new UsageException("Exactly one of --memory, --session, --user and --receipt is needed.");
        if (receipt is not null)
        {
            Print(parsed, await connection.Client.GetErasureAsync(receipt, cancel));
            return ExitCode.Done;
        }

        var client = connection.Client;
        var what = memory is not null ? $"memory {memory}" : session is not null ? $"session {session}" : $"user {user}";
        var isMeant = await Confirmation.AskAsync(parsed, $"Erase {what} for good?", () => memory is not null
            ? ErasureExtent.OfMemoryAsync(client, memory, cancel)
            : session is not null ? ErasureExtent.OfSessionAsync(client, session, cancel)
            : ErasureExtent.OfUserAsync(client, user!, cancel));
        if (!isMeant)
            return ExitCode.Refused;
        Print(parsed, await (memory is not null
            ? client.EraseMemoryAsync(memory, cancel)
            : session is not null ? client.EraseSessionAsync(session, cancel) : client.EraseUserAsync(user!, cancel)));
        return ExitCode.Done;
    }

    private static void Print(ParseResult parsed, ErasureResponse erasure)
    {
        if (JsonOutput.TryPrint(parsed, erasure, JsonOutput.Types.ErasureResponse))
            return;
        var counts = erasure.Counts;
        (string Name, long Count)[] named =
        [
            ("turns", counts.Turns), ("vectors", counts.Vectors), ("idempotency records", counts.IdempotencyRecords),
            ("due work", counts.DueWork),
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
