using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>A term as an explanation shows it: of a slip, with the word as what was found has it.</summary>
internal static class ShowTerm
{
    private const char Arrow = '→';

    public static string In(WeightedTerm term, string content)
    {
        var arrow = term.Text.IndexOf(Arrow, StringComparison.Ordinal);
        if (arrow < 0)
            return term.Text;
        var analyzer = new TextAnalyzer();
        var terms = new List<ulong>();
        for (var at = 0; at < content.Length;)
        {
            var start = at;
            while (at < content.Length && char.IsLetter(content[at]))
                at++;
            terms.Clear();
            analyzer.Analyze(content.AsSpan(start, at - start), terms);
            if (terms is [var found] && found == term.Hash)
                return $"{term.Text.AsSpan(0, arrow + 1)}{content.AsSpan(start, at - start)}";
            at = Math.Max(at, start + 1);
        }

        return term.Text.TrimEnd(Arrow);
    }
}
