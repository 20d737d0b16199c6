using System.Text;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Bench.RecallEval;

/// <summary>
/// How much of a question's evidence an answer holds. A turn covers itself. A fact covers the turns it cites. An episode
/// covers a turn it cites only when a sentence of that turn, of four words or more, stands in its summary word for word.
/// </summary>
internal static class Coverage
{
    private const int SentenceWordsMin = 4;

    /// <summary>Share of the evidence turns that the items cover, 0..1.</summary>
    /// <param name="texts">Content of the conversation's turns by id.</param>
    public static double OfEvidence(IReadOnlyList<RecalledItem> items, EvalQuestion question, IReadOnlyDictionary<string, string> texts)
    {
        var evidence = question.Evidence.ToHashSet(StringComparer.Ordinal);
        return evidence.Count(turn => items.Any(item => Covers(item, turn, texts))) / (double)evidence.Count;
    }

    /// <summary>Share of the answer's words, beyond the question's own, that the items say; null when it has none.</summary>
    public static double? OfAnswer(IReadOnlyList<RecalledItem> items, EvalQuestion question)
    {
        var words = WordsOf(question.Answer.ToString()).Except(WordsOf(question.Question), StringComparer.Ordinal)
            .Where(static word => word.Length > 3).ToArray();
        if (words.Length == 0)
            return null;
        var said = items.SelectMany(static item => WordsOf(item.Content)).ToHashSet(StringComparer.Ordinal);
        return words.Count(said.Contains) / (double)words.Length;
    }

    private static bool Covers(RecalledItem item, string turn, IReadOnlyDictionary<string, string> texts)
    {
        if (item.Sources.All(source => source.TurnId != turn))
            return false;
        if (item.Kind != "episode")
            return true;
        var summary = $" {string.Join(' ', WordsOf(item.Content))} ";
        return texts.TryGetValue(turn, out var text) && text.Split('.', '!', '?', '\n')
            .Select(WordsOf).Any(words => words.Count >= SentenceWordsMin
            && summary.Contains($" {string.Join(' ', words)} ", StringComparison.Ordinal));
    }

    private static List<string> WordsOf(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text)
            plain.Append(char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ');
        return [.. plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }
}
