namespace MemoryOrleans.Sessions;

/// <summary>Both bounds of a session's live window.</summary>
/// <param name="TurnsMax">Turns, 1..100.</param>
/// <param name="TokensMax">Estimated tokens of their contents, 100..1,000,000.</param>
/// <param name="SummaryTokensMax">Estimated tokens of the rolling summary beside them, 0..100,000.</param>
public sealed record WorkingMemoryLimits(int TurnsMax = 20, int TokensMax = 4000, int SummaryTokensMax = 600);

/// <summary>
/// The live window of a session: its newest turns within both bounds. What leaves it stays in the log.
/// </summary>
public static class WorkingMemory
{
    /// <summary>
    /// The window over a session's tail. The newest turn is always in it, even one longer than the token bound.
    /// </summary>
    /// <param name="tail">The newest turns ascending, at least <see cref="WorkingMemoryLimits.TurnsMax"/> of them where the session has as many.</param>
    public static WorkingMemoryView Select(Session session, IReadOnlyList<Turn> tail, WorkingMemoryLimits limits)
    {
        var tokens = 0;
        var first = tail.Count;
        while (first > 0 && tail.Count - first < limits.TurnsMax)
        {
            var next = tail[first - 1].Tokens;
            if (first < tail.Count && tokens + next > limits.TokensMax)
                break;
            tokens += next;
            first--;
        }

        var window = tail.Skip(first).ToArray();
        // Counted from the turns themselves: the tail may be newer than the session's row.
        return new WorkingMemoryView(session, window, tokens, window.Length == 0 ? session.LastSeq : window[0].Seq - 1);
    }
}
