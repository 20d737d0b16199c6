using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Import;

/// <summary>Sends turns to the memory in batches, in order, one request at a time.</summary>
/// <param name="turnsMax">Most turns of a request.</param>
internal sealed class ImportTurns(MemoryClient memory, RetryPolicy retries, int turnsMax, ImportCounts counts, Action progressed)
{
    private readonly TurnBatch batch = new(turnsMax, AppendSizes.BytesMax);

    /// <exception cref="BadTurnException">A turn is not in order. All before it are stored, none after it.</exception>
    public async Task RunAsync(IAsyncEnumerable<ImportTurn> turns, CancellationToken cancel)
    {
        try
        {
            await foreach (var turn in turns.WithCancellation(cancel))
            {
                counts.Read++;
                if (batch.TryAdd(turn))
                    continue;
                await SendAsync(batch.Take(), cancel);
                batch.TryAdd(turn);
            }
        }
        catch (BadTurnException)
        {
            // The turns read before the fault are valid.
            if (!batch.IsEmpty)
                await SendAsync(batch.Take(), cancel);
            throw;
        }

        if (!batch.IsEmpty)
            await SendAsync(batch.Take(), cancel);
    }

    private async Task SendAsync(ImportTurn[] turns, CancellationToken cancel)
    {
        try
        {
            await AppendAsync(turns, cancel);
        }
        catch (MemoryApiException refusal) when (Blame(refusal, turns) is { } blamed)
        {
            if (blamed.Index > 0)
                await AppendAsync(turns[..blamed.Index], cancel);
            throw new BadTurnException(turns[blamed.Index].Place, blamed.Field, blamed.Fault);
        }
    }

    private async Task AppendAsync(ImportTurn[] turns, CancellationToken cancel)
    {
        var request = new AppendTurnsRequest
        {
            UserId = turns[0].UserId, AgentId = turns[0].AgentId, Turns = [.. turns.Select(static turn => turn.Turn)],
        };
        var answer = await retries.RunAsync(() => memory.AppendAsync(turns[0].SessionId, request, cancel: cancel), cancel);
        var stored = answer.Replayed ? 0 : CountNew(answer.Value.Items);
        counts.Stored += stored;
        counts.AlreadyThere += turns.Length - stored;
        counts.User = turns[0].UserId;
        progressed();
    }

    // The turns of one request are recorded at one time, later than all before.
    private static int CountNew(IReadOnlyList<TurnResponse> turns)
    {
        var newest = turns.Max(static turn => turn.RecordedAt);
        return turns.Count(turn => turn.RecordedAt == newest);
    }

    /// <summary>The first turn that the memory finds fault with; null when the fault is not a turn's.</summary>
    private static (int Index, string Field, string Fault)? Blame(MemoryApiException refusal, ImportTurn[] turns)
    {
        (int Index, string Field, string Fault)? first = null;
        foreach (var error in refusal.Errors)
        {
            var (index, field) = Locate(error.Field, refusal, turns);
            if (index >= 0 && index < turns.Length && (first is null || index < first.Value.Index))
                first = (index, field, error.Message.TrimEnd('.'));
        }

        return first;
    }

    private static (int Index, string Field) Locate(string field, MemoryApiException refusal, ImportTurn[] turns)
    {
        if (field.StartsWith("turns[", StringComparison.Ordinal) && field.IndexOf(']', StringComparison.Ordinal) is > 0 and var close)
        {
            var isIndex = int.TryParse(field.AsSpan(6, close - 6), NumberStyles.None, CultureInfo.InvariantCulture, out var index);
            return isIndex ? (index, close + 2 < field.Length ? field[(close + 2)..] : "turn") : (-1, field);
        }

        return field switch
        {
            // "Turn 'x' exists with other content."
            "id" when refusal.Code == "turn_id_conflict" =>
                (Array.FindIndex(turns, turn => refusal.Problem.Detail.Contains($"'{turn.Turn.Id}'", StringComparison.Ordinal)), field),
            // What all turns of a request share: the path's session, and whose it is.
            "id" or "session_id" => (0, "session_id"),
            "user_id" or "agent_id" => (0, field),
            _ => (-1, field),
        };
    }
}
