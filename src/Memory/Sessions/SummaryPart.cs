namespace MemoryOrleans.Sessions;

/// <summary>A piece of what a session said before its window.</summary>
/// <param name="Memory">The episode it is the summary of; null for a sentence of turns that no episode has yet.</param>
/// <param name="Importance">0..1.</param>
/// <param name="Sources">The turns it rests on, ascending; never empty.</param>
public sealed record SummaryPart(
    string Text, int Tokens, double Importance, DateTimeOffset OccurredFrom, string? Memory, IReadOnlyList<SourceTurn> Sources)
{
    public long FromSeq => Sources[0].Seq;

    /// <summary>The most important parts that fit the budget together, the newer of equals first; in the order of their turns.</summary>
    /// <param name="tokensMax">Estimated tokens, at least 0.</param>
    /// <param name="costOf">Estimated tokens that a part takes.</param>
    public static IReadOnlyList<SummaryPart> Select(IEnumerable<SummaryPart> parts, int tokensMax, Func<SummaryPart, int> costOf)
    {
        var chosen = new List<SummaryPart>();
        foreach (var part in parts.OrderByDescending(static part => part.Importance).ThenByDescending(static part => part.FromSeq))
        {
            var cost = costOf(part);
            if (cost > tokensMax)
                continue;
            tokensMax -= cost;
            chosen.Add(part);
        }

        return [.. chosen.OrderBy(static part => part.FromSeq)];
    }
}
