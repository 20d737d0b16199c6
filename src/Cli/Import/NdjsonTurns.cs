using System.Runtime.CompilerServices;

namespace MemoryOrleans.Cli.Import;

/// <summary>Turns of lines; blank ones are passed over.</summary>
internal static class NdjsonTurns
{
    /// <param name="user">Stands in where a line names no user_id.</param>
    /// <param name="session">Stands in where a line names no session_id.</param>
    public static async IAsyncEnumerable<ImportTurn> ReadAsync(
        InputBuffer input, string? user, string? session, [EnumeratorCancellation] CancellationToken cancel)
    {
        var lines = new LineReader(input);
        while (await lines.ReadAsync(cancel) is { } line)
        {
            if (!line.Span.ContainsAnyExcept(" \t"u8))
                continue;
            yield return NdjsonLine.Parse(line.Span, NdjsonLine.PlaceOf(lines.Number)).ToTurn(user, session, lines.Number, line.Span);
        }
    }
}
