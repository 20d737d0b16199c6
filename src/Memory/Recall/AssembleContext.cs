using System.Globalization;
using System.Text;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall;

/// <summary>
/// Builds the prompt-ready block: what recall found beyond the session's window, then the window itself, oldest first.
/// With a question the window may take two thirds of the budget before recall has its share; what either leaves, the
/// other uses. Every line carries its citation, and the text never exceeds the budget.
/// </summary>
public static class AssembleContext
{
    private const string RecalledSection = "recalled";
    private const string WindowSection = "working_memory";
    private const string RecalledHeading = "## Related memories\n";
    private const string WindowHeading = "## Conversation so far\n";

    /// <param name="window">Turns of the live window, ascending.</param>
    /// <param name="recalled">Ranked turns, best first; those in the window are left out.</param>
    /// <param name="tokensMax">Budget in estimated tokens, at least 1.</param>
    public static ContextBlock Build(IReadOnlyList<Turn> window, IReadOnlyList<Turn> recalled, int tokensMax)
    {
        var inWindow = window.Select(static turn => (turn.SessionId, turn.Seq)).ToHashSet();
        var beyond = recalled.Where(turn => !inWindow.Contains((turn.SessionId, turn.Seq))).ToArray();
        var newestFirst = window.Reverse().ToArray();
        var windowShare = beyond.Length == 0 ? tokensMax : tokensMax * 2 / 3;

        var keptWindow = Take(newestFirst, windowShare - CostOf(WindowHeading), contiguous: true, out var windowCost);
        var windowTotal = keptWindow.Count == 0 ? 0 : windowCost + CostOf(WindowHeading);
        var keptBeyond = Take(beyond, tokensMax - windowTotal - CostOf(RecalledHeading), contiguous: false, out var beyondCost);
        var beyondTotal = keptBeyond.Count == 0 ? 0 : beyondCost + CostOf(RecalledHeading);
        keptWindow = Take(newestFirst, tokensMax - beyondTotal - CostOf(WindowHeading), contiguous: true, out _);
        keptWindow.Reverse();
        return Write(keptBeyond, keptWindow);
    }

    // A window with holes would mislead, so it stops at the first turn that does not fit; recalled turns may skip one.
    private static List<Turn> Take(IReadOnlyList<Turn> turns, int budget, bool contiguous, out int cost)
    {
        var kept = new List<Turn>();
        cost = 0;
        foreach (var turn in turns)
        {
            var line = CostOf(LineOf(turn, LabelOf(turns.Count + 100)));
            if (cost + line <= budget)
            {
                kept.Add(turn);
                cost += line;
            }
            else if (contiguous)
            {
                break;
            }
        }

        return kept;
    }

    private static ContextBlock Write(List<Turn> recalled, List<Turn> window)
    {
        var text = new StringBuilder();
        var citations = new List<ContextCitation>(recalled.Count + window.Count);
        foreach (var (heading, section, turns) in new[] { (RecalledHeading, RecalledSection, recalled), (WindowHeading, WindowSection, window) })
        {
            if (turns.Count > 0)
                text.Append(heading);
            foreach (var turn in turns)
            {
                var label = LabelOf(citations.Count + 1);
                text.Append(LineOf(turn, label));
                citations.Add(new ContextCitation(label, section, turn.SessionId, turn.Id, turn.Seq));
            }
        }

        var written = text.ToString();
        return new ContextBlock(written, TokenEstimate.Of(written), citations);
    }

    private static string LabelOf(int number) => $"[{number.ToString(CultureInfo.InvariantCulture)}]";

    // What a turn says stays indented below its own line, so that no content can pass for a heading or another's turn.
    private static string LineOf(Turn turn, string label)
    {
        var at = turn.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var speaker = (turn.Name ?? turn.Role).ReplaceLineEndings(" ");
        return $"{at} {speaker}: {turn.Content.ReplaceLineEndings("\n    ")} {label}\n";
    }

    private static int CostOf(string text) => TokenEstimate.Of(text);
}
