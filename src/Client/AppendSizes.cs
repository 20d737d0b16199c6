using System.Text.Json;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <summary>How many turns go in one append, by their bytes: the API takes bodies of 8 MiB.</summary>
public static class AppendSizes
{
    /// <summary>Most bytes of turns to put in one append.</summary>
    public const long BytesMax = 6 * 1024 * 1024;

    /// <summary>An upper bound of a turn's JSON, in bytes: a character takes at most six there.</summary>
    public static long Of(TurnInput turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return 256 + (6L * (LengthOf(turn.Id) + LengthOf(turn.Role) + LengthOf(turn.Name) + LengthOf(turn.Content)
            + MetadataLength(turn.Metadata)));
    }

    /// <summary>The turns in their order, in as few appends as take them; one that is too long for any goes alone.</summary>
    public static IEnumerable<IReadOnlyList<TurnInput>> Split(IEnumerable<TurnInput> turns)
    {
        ArgumentNullException.ThrowIfNull(turns);
        return SplitTurns(turns);
    }

    private static IEnumerable<IReadOnlyList<TurnInput>> SplitTurns(IEnumerable<TurnInput> turns)
    {
        var (part, bytes) = (new List<TurnInput>(), 0L);
        foreach (var turn in turns)
        {
            var size = Of(turn);
            if (part.Count > 0 && bytes + size > BytesMax)
            {
                yield return part;
                part = [];
                bytes = 0;
            }

            part.Add(turn);
            bytes += size;
        }

        if (part.Count > 0)
            yield return part;
    }

    private static int LengthOf(string? text) => text?.Length ?? 0;

    private static int MetadataLength(JsonElement? metadata) =>
        metadata is { ValueKind: not JsonValueKind.Undefined } element ? element.GetRawText().Length : 0;
}
