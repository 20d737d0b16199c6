using MemoryOrleans.Client;

namespace MemoryOrleans.Cli.Import;

/// <summary>Consecutive turns of one session that go in one request.</summary>
/// <param name="turnsMax">Most turns of a request.</param>
/// <param name="bytesMax">Most bytes of their JSON.</param>
internal sealed class TurnBatch(int turnsMax, long bytesMax)
{
    private readonly List<ImportTurn> turns = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private long bytes;

    public bool IsEmpty => turns.Count == 0;

    /// <summary>False when the turn has to wait for the next batch.</summary>
    public bool TryAdd(ImportTurn turn)
    {
        var size = AppendSizes.Of(turn.Turn);
        if (turns.Count > 0 && (turns.Count >= turnsMax || bytes + size > bytesMax || !turns[0].SharesRequestWith(turn)
            || ids.Contains(turn.Turn.Id!)))
            return false;
        turns.Add(turn);
        ids.Add(turn.Turn.Id!);
        bytes += size;
        return true;
    }

    /// <summary>Empties the batch.</summary>
    public ImportTurn[] Take()
    {
        ImportTurn[] taken = [.. turns];
        turns.Clear();
        ids.Clear();
        bytes = 0;
        return taken;
    }
}
