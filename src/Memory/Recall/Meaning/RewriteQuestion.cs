using MemoryOrleans.Text.Analysis;
namespace MemoryOrleans.Recall.Meaning;

/// <summary>
/// A question as an encoder reads it best. People speak of themselves as "I", so the speakers' names become "I", "me" and "my"
/// (and their pronouns with them), and what only says how to answer ("can you", "in order", "throughout our conversations") is
/// cut. Rules are in <c>question.txt</c>; English, one pass over the words. Source: our own tuning.
/// </summary>
internal static class RewriteQuestion
{
    private const string PossessiveEnd = "'s";

    /// <param name="names">Names of those who speak in the scope; a question may name them by their first word.</param>
    /// <returns>The question itself when nothing would be left.</returns>
    public static string ForEncoder(string question, IEnumerable<string> names)
    {
        var words = QuestionWord.Split(question);
        if (words.Count == 0)
            return question;
        var kept = Cut(words);
        var firstPerson = ToFirstPerson(kept, [.. names.Select(NameWords).Where(static name => name.Length > 0)]);
        var text = string.Join(' ', firstPerson.Select(static word => word.ToString()));
        return text.AsSpan().ContainsAnyExcept(" .,;:!?") ? text : question;
    }

    /// <summary>True when it asks for what the assistant said: "did you recommend", "your advice".</summary>
    public static bool AsksAssistant(string question) => Says(question, QuestionRules.English.Assistant);

    /// <summary>True when it asks for a time: "when did", "which year", "how long".</summary>
    public static bool AsksWhen(string question) => Says(question, QuestionRules.English.When);

    private static bool Says(string question, PhraseTable phrases)
    {
        var words = QuestionWord.Split(question);
        for (var at = 0; at < words.Count; at++)
        {
            if (phrases.LengthAt(words, at) > 0)
                return true;
        }

        return false;
    }

    // What closes a cut phrase closes the word before it, where that has nothing: "… in order?" still asks.
    private static List<QuestionWord> Cut(List<QuestionWord> words)
    {
        var kept = new List<QuestionWord>(words.Count);
        for (var at = 0; at < words.Count;)
        {
            var length = QuestionRules.English.Cuts.LengthAt(words, at);
            if (length == 0)
            {
                kept.Add(words[at++]);
                continue;
            }

            var closing = words[at + length - 1].Closing;
            if (kept.Count > 0 && kept[^1].GoesOn && closing is "?" or "." or "!")
                kept[^1] = kept[^1] with { Closing = closing };
            at += length;
        }

        return kept;
    }

    private static List<QuestionWord> ToFirstPerson(List<QuestionWord> words, string[][] names)
    {
        var changed = new List<QuestionWord>(words.Count);
        var isNamed = false;
        var hasVerb = false;
        for (var at = 0; at < words.Count; at++)
        {
            hasVerb |= QuestionRules.English.Auxiliaries.Contains(words[at].Lower);
            var length = LengthOfName(words, at, names, out var isPossessive);
            if (length == 0)
            {
                changed.Add(words[at]);
                continue;
            }

            isNamed = true;
            at += length - 1;
            changed.Add(words[at].With(isPossessive ? "my" : IsObject(changed, hasVerb) ? "me" : "I"));
        }

        return isNamed ? Agree(changed) : words;
    }

    // "to Ada", and "who supports Ada", where no verb has come that waits for its subject.
    private static bool IsObject(List<QuestionWord> before, bool hasVerb)
    {
        if (before.Count == 0)
            return false;
        var rules = QuestionRules.English;
        return rules.Objects.Contains(before[^1].Lower) || (!hasVerb && rules.SubjectQuestions.Contains(before[0].Lower));
    }

    private static List<QuestionWord> Agree(List<QuestionWord> words)
    {
        var rules = QuestionRules.English;
        for (var at = 0; at < words.Count; at++)
        {
            if (rules.Pronouns.TryGetValue(words[at].Lower, out var pronoun))
                words[at] = words[at].With(pronoun);
            else if (words[at].GoesOn && at + 1 < words.Count && rules.Possessives.TryGetValue(words[at].Lower, out var possessive))
                words[at] = words[at].With(possessive);
        }

        for (var at = 0; at < words.Count; at++)
        {
            if (words[at].Text != "I")
                continue;
            if (at > 0 && words[at - 1].GoesOn && rules.BeforeI.TryGetValue(words[at - 1].Lower, out var before))
                words[at - 1] = words[at - 1].With(Like(words[at - 1].Text, before));
            if (at + 1 < words.Count && words[at].GoesOn && rules.AfterI.TryGetValue(words[at + 1].Lower, out var after))
                words[at + 1] = words[at + 1].With(after);
        }

        return words;
    }

    // A name is written with a capital, unless it is no other word as well ("will", "may").
    private static int LengthOfName(List<QuestionWord> words, int at, string[][] names, out bool isPossessive)
    {
        foreach (var name in names)
        {
            var length = 1;
            while (length < name.Length && at + length < words.Count && words[at + length - 1].GoesOn
                && IsWord(words[at + length], name[length], out _))
                length++;
            if (length < name.Length)
                length = 1;
            if (IsWord(words[at], name[0], out isPossessive) && (length == 1 || !isPossessive))
            {
                if (length > 1)
                    IsWord(words[at + length - 1], name[length - 1], out isPossessive);
                return length;
            }
        }

        isPossessive = false;
        return 0;
    }

    private static bool IsWord(QuestionWord word, string name, out bool isPossessive)
    {
        var text = word.Text.Replace('’', '\'');
        isPossessive = text.EndsWith(PossessiveEnd, StringComparison.Ordinal) && !name.EndsWith(PossessiveEnd, StringComparison.Ordinal);
        var bare = isPossessive ? text.AsSpan(0, text.Length - PossessiveEnd.Length) : text;
        return bare.Equals(name, StringComparison.Ordinal)
            || (bare.Equals(name, StringComparison.OrdinalIgnoreCase) && !StopWords.Contains(name.ToLowerInvariant()) && name.Length > 3);
    }

    private static string[] NameWords(string name) =>
        [.. QuestionWord.Split(name).Select(static word => word.Text.Replace('’', '\'')).Where(static word => word.Length > 0)];

    private static string Like(string model, string word) => char.IsUpper(model[0]) ? char.ToUpperInvariant(word[0]) + word[1..] : word;
}
