using System.Text;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Recall;

/// <summary>
/// Builds the prompt-ready block: what recall found, the summary of what left the window, then the window, oldest first.
/// The window comes first and from its newest turn back, but leaves a third of the budget to what was recalled and a fifth to
/// the summary, where there are such; its newest turn is shown whenever it fits alone. What one leaves, the others use: first
/// recall, then the window, then the summary. Every entry ends in the label of its citation, nothing is said twice, and the
/// text never exceeds the budget.
/// </summary>
public static class AssembleContext
{
    private const string RecalledHeading = "## Related memories\n";
    private const string SummaryHeading = "## Earlier in this conversation\n";
    private const string WindowHeading = "## Conversation so far\n";

    /// <summary>The least shares of the budget: one in so many tokens.</summary>
    private const int RecalledShare = 3;
    private const int SummaryShare = 5;

    /// <param name="window">Turns of the live window, ascending; erased ones are passed over.</param>
    /// <param name="summary">Parts about what came before the window.</param>
    /// <param name="recalled">Ranked turns and memories, best first; what window and summary say already is left out.</param>
    /// <param name="tokensMax">Budget in estimated tokens, at least 1.</param>
    /// <param name="zone">The IANA time zone that days are told by; null: as the window's newest turn has its time.</param>
    public static ContextBlock Build(
        IReadOnlyList<Turn> window, IReadOnlyList<SummaryPart> summary, IReadOnlyList<RecalledItem> recalled, int tokensMax,
        string? zone = null)
    {
        var clock = new ReadersClock(zone, window.Count == 0 ? TimeSpan.Zero : window[^1].OccurredAt.Offset);
        var newestFirst = window.Where(static turn => !turn.IsErased).Reverse()
            .Select(static turn => ContextEntry.Of(turn, ContextEntry.Window)).ToArray();
        var beyond = BeyondWindow(window, recalled);
        var recalledLeast = beyond.Count == 0 ? 0 : tokensMax / RecalledShare;
        var summaryLeast = summary.Count == 0 ? 0 : tokensMax / SummaryShare;

        var windowCost = CostOf(WindowHeading, TakeWindow(newestFirst, tokensMax - recalledLeast - summaryLeast, tokensMax));
        var said = TakeSummary(summary, Math.Min(summaryLeast, tokensMax - windowCost), clock);
        var found = TakeRecalled(beyond, said, tokensMax - windowCost - SummaryCost(said, clock), clock);
        var foundCost = CostOf(RecalledHeading, found);
        var shown = TakeWindow(newestFirst, tokensMax - foundCost - SummaryCost(said, clock),
            tokensMax - foundCost - SummaryCost(said, clock));
        said = Extend(said, summary, found, tokensMax - foundCost - CostOf(WindowHeading, shown), clock);
        shown.Reverse();
        return Write((RecalledHeading, found), (SummaryHeading, [.. said.Select(part => ContextEntry.Of(part, clock))]),
            (WindowHeading, shown));
    }

    // A memory all of whose turns are in the window adds nothing to it.
    private static List<RecalledItem> BeyondWindow(IReadOnlyList<Turn> window, IReadOnlyList<RecalledItem> recalled)
    {
        var inWindow = window.Select(static turn => (turn.SessionId, turn.Seq)).ToHashSet();
        return [.. recalled.Where(item => !item.Turn.IsErased
            && (item.Sources.Count == 0 || !item.Sources.All(source => inWindow.Contains((source.SessionId, source.Seq)))))];
    }

    // A window with holes would mislead, so it stops at the first turn that does not fit.
    private static List<ContextEntry> TakeWindow(ContextEntry[] newestFirst, int share, int whole)
    {
        var kept = new List<ContextEntry>();
        var left = share - TokenEstimate.Of(WindowHeading);
        foreach (var entry in newestFirst)
        {
            if (entry.Cost > left && (kept.Count > 0 || entry.Cost + TokenEstimate.Of(WindowHeading) > whole))
                break;
            kept.Add(entry);
            left -= entry.Cost;
        }

        return kept;
    }

    private static IReadOnlyList<SummaryPart> TakeSummary(IEnumerable<SummaryPart> parts, int budget, ReadersClock clock) =>
        SummaryPart.Select(
        parts, Math.Max(0, budget - TokenEstimate.Of(SummaryHeading)), part => ContextEntry.Of(part, clock).Cost);

    // An entry that is too long is skipped: a shorter one after it may fit.
    private static List<ContextEntry> TakeRecalled(
        IEnumerable<RecalledItem> items, IReadOnlyList<SummaryPart> said, int budget, ReadersClock clock)
    {
        var kept = new List<ContextEntry>();
        var left = budget - TokenEstimate.Of(RecalledHeading);
        var all = items.ToList();
        foreach (var item in all)
        {
            if (said.Any(part => Says(part, item)) || IsToldByNewer(all, item))
                continue;
            var entry = ContextEntry.Of(item, clock);
            if (all.Find(each => each.OutdatedBy is { } newer && newer.Id == item.Id) is { } older
                && ContextEntry.WithOlder(item, older, clock) is { } whole && whole.Cost <= left)
                entry = whole;
            if (entry.Cost > left)
                continue;
            kept.Add(entry);
            left -= entry.Cost;
        }

        return kept;
    }

    // What was replaced is told beside what replaced it, where that is there.
    private static bool IsToldByNewer(List<RecalledItem> all, RecalledItem item) =>
        item.OutdatedBy is { } newer && all.Exists(each => each.Id == newer.Id);

    private static bool Says(SummaryPart part, RecalledItem item) =>
        (part.Memory is not null && part.Memory == item.Memory?.Id) || ContextEntry.Contains(part.Text, item.Content);

    // Where room is left, more of the summary, except for what the recalled part shows already.
    private static IReadOnlyList<SummaryPart> Extend(
        IReadOnlyList<SummaryPart> said, IReadOnlyList<SummaryPart> all, List<ContextEntry> found, int budget, ReadersClock clock)
    {
        var left = budget - SummaryCost(said, clock) - (said.Count == 0 ? TokenEstimate.Of(SummaryHeading) : 0);
        var rest = all.Except(said).Where(part => !found.Exists(entry => IsShown(part, entry)));
        var more = SummaryPart.Select(rest, Math.Max(0, left), part => ContextEntry.Of(part, clock).Cost);
        return [.. said.Concat(more).OrderBy(static part => part.FromSeq)];
    }

    private static bool IsShown(SummaryPart part, ContextEntry entry) => part.Memory is { } id
        ? id == entry.MemoryId
        : entry.MemoryId is null && entry.Sources[0] == part.Sources[0];

    private static ContextBlock Write(params (string Heading, List<ContextEntry> Entries)[] sections)
    {
        var text = new StringBuilder();
        var citations = new List<ContextCitation>();
        foreach (var (heading, entries) in sections)
        {
            if (entries.Count > 0)
                text.Append(heading);
            foreach (var entry in entries)
            {
                citations.Add(entry.Cite(citations.Count + 1));
                text.Append(entry.Write(citations.Count));
            }
        }

        var written = text.ToString();
        return new ContextBlock(written, TokenEstimate.Of(written), citations);
    }

    private static int SummaryCost(IReadOnlyList<SummaryPart> parts, ReadersClock clock) =>
        CostOf(SummaryHeading, [.. parts.Select(part => ContextEntry.Of(part, clock))]);

    private static int CostOf(string heading, List<ContextEntry> entries) =>
        entries.Count == 0 ? 0 : TokenEstimate.Of(heading) + entries.Sum(static entry => entry.Cost);
}
