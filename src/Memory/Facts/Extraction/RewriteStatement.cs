using System.Text;
using MemoryOrleans.Text.Dates;
using MemoryOrleans.Text.Prose;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// Makes a statement stand alone: "I moved to Berlin last week" becomes "Melanie moved to Berlin in the week of 1 May 2023".
/// After the first mention the speaker is "they", "their", "them", or as the text itself says he or she, unless such a word is
/// already there for others. What is
/// not surely right in the third person ("we", "myself", an unknown verb, "I" inside a quotation) is quoted instead:
/// <c>Melanie: "We adopted a cat last week [the week of 1 May 2023]."</c>.
/// </summary>
internal static class RewriteStatement
{

    /// <summary>The statement in the third person, or null when that is not safe.</summary>
    public static string? TryRewrite(string statement, Speaker speaker, PersonPronoun pronoun, IReadOnlyList<ResolvedDate> dates)
    {
        if (Unsafe.IsMatch(statement) || FirstI.Find(statement)["joined"].IsFound
            || Quotation.All(statement).Any(static quote => FirstPerson.IsMatch(quote.Value)))
            return null;
        var words = Words(statement);
        var isTaken = words.Exists(word => pronoun.IsWord(word.Lower));
        var edits = new List<(int Start, int End, string Text)>();
        var wasNamed = false;
        for (var i = 0; i < words.Count; i++)
        {
            if (dates.Any(date => words[i].Start >= date.Start && words[i].Start < date.End))
                continue;
            if (!TryReplace(words, i, speaker, wasNamed && !isTaken ? pronoun : null, dates.Any(static date => date.IsRelative), edits,
                out var isMention))
                return null;
            wasNamed |= isMention;
        }

        edits.AddRange(dates.Where(static date => date.IsRelative).Select(date => InPlace(statement, date)));
        return Finish(Apply(statement, edits));
    }

    /// <summary>The statement in the speaker's own words.</summary>
    public static string Quote(string statement, Speaker speaker, IReadOnlyList<ResolvedDate> dates)
    {
        var edits = dates.Where(static date => date.IsRelative).Select(static date => (date.End, date.End, $" [{date.Name}]")).ToList();
        return $"{speaker.Label}: \"{Finish(Apply(statement, edits).Replace('"', '\''))}\"";
    }

    // Pronoun: null where the name itself has to stand.
    private static bool TryReplace(
        List<Word> words, int at, Speaker speaker, PersonPronoun? pronoun, bool isDated, List<(int Start, int End, string Text)> edits,
        out bool isMention)
    {
        var word = words[at];
        var name = pronoun?.Subject ?? (word.Start == 0 ? speaker.Title : speaker.Name);
        var isPlural = pronoun is { IsPlural: true };
        isMention = true;
        switch (word.Lower)
        {
            case "i":
                edits.Add((word.Start, word.End, name));
                return TryInflect(words, at + 1, isPlural, isDated, edits);
            case "i'm" or "im":
                edits.Add((word.Start, word.End, isPlural ? "they are" : $"{name} is"));
                return isPlural || IsCoordinationSafe(words, at + 1);
            case "i've" or "ive":
                edits.Add((word.Start, word.End, isPlural ? "they have" : $"{name} has"));
                return isPlural || !HasAnother(words, at + 1);
            case "i'll":
                edits.Add((word.Start, word.End, $"{name} will"));
                return true;
            case "my":
                edits.Add((word.Start, word.End, pronoun?.Owner ?? $"{name}'s"));
                return true;
            case "our" when pronoun is not null:
                edits.Add((word.Start, word.End, pronoun.Owner));
                return true;
            case "me":
                edits.Add((word.Start, word.End, pronoun?.Object ?? name));
                return true;
            default:
                isMention = false;
                return word.Lower is not ("our" or "mine" or "myself");
        }
    }

    /// <summary>Brings the verb after "I" into the third person; "they" takes the form that "I" does, but for "am" and "was".</summary>
    private static bool TryInflect(List<Word> words, int at, bool isPlural, bool isDated, List<(int Start, int End, string Text)> edits)
    {
        while (at < words.Count && VerbForms.IsAdverb(words[at].Lower))
            at++;
        if (at == words.Count)
            return false;
        var verb = words[at];
        var form = isPlural
            ? verb.Lower switch { "am" => "are", "was" => "were", "wasn't" => "weren't", _ => verb.Text }
            : VerbForms.ThirdPerson(verb.Lower, isDated);
        if (form is null)
            return false;
        if (!string.Equals(form, verb.Lower, StringComparison.Ordinal))
            edits.Add((verb.Start, verb.End, form));
        return isPlural || (VerbForms.IsKnownPresent(verb.Lower) ? IsCoordinationSafe(words, at + 1) : !HasAnother(words, at + 1));
    }

    /// <summary>"I met her and have a call on Friday": the second verb hangs on "I", and would need another form.</summary>
    private static bool HasAnother(List<Word> words, int at)
    {
        for (; at + 1 < words.Count && words[at].Lower is not ("i" or "my" or "we" or "they"); at++)
        {
            if (words[at].Lower is "and" or "but"
                && words[at + 1].Lower is "have" or "am" or "do" or "need" or "want" or "don't" or "haven't")
                return true;
        }

        return false;
    }

    /// <summary>False when "and work", "but go" may hang on the same subject and would need another form, too.</summary>
    private static bool IsCoordinationSafe(List<Word> words, int at)
    {
        var isInfinitive = false;
        for (; at < words.Count; at++)
        {
            isInfinitive |= words[at].Lower is "to" or "can" or "will";
            if (words[at].Lower is "i" or "my")
                return true;
            if (words[at].Lower is not ("and" or "but" or "or"))
                continue;
            var next = at + 1;
            while (next < words.Count && VerbForms.IsAdverb(words[next].Lower))
                next++;
            if (!isInfinitive && next < words.Count && VerbForms.IsKnownPresent(words[next].Lower))
                return false;
        }

        return true;
    }

    private static (int Start, int End, string Text) InPlace(string statement, ResolvedDate date)
    {
        if (date.End + 1 < statement.Length && statement[date.End] is '\'' or '’')
            return (date.End + 2, date.End + 2, $" ({date.Name})");
        var hasPreposition = PrepositionBefore.IsMatch(statement.AsSpan(0, date.Start));
        var text = hasPreposition ? date.Name : $"{date.Preposition} {date.Name}";
        return (date.Start, date.End, date.Start == 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text);
    }

    private static string Apply(string statement, List<(int Start, int End, string Text)> edits)
    {
        var text = new StringBuilder(statement.Length + 32);
        var position = 0;
        foreach (var (start, end, replacement) in edits.OrderBy(static edit => edit.Start))
        {
            if (start < position)
                continue;
            text.Append(statement, position, start - position).Append(replacement);
            position = end;
        }

        return text.Append(statement, position, statement.Length - position).ToString();
    }

    private static string Finish(string text) => text.Length > 0 && text[^1] is '.' or '!' or '?' or '…' ? text : $"{text}.";

    private static List<Word> Words(string text)
    {
        var words = new List<Word>();
        foreach (var match in AnyWord.All(text))
            words.Add(new Word(match.Start, match.Value, match.Value.ToLowerInvariant().Replace('’', '\'')));
        return words;
    }

    private readonly record struct Word(int Start, string Text, string Lower)
    {
        public int End => Start + Text.Length;
    }

    private static readonly Pattern AnyWord = Pattern.AnyCase(@"[\p{L}\p{M}\p{N}]+(['’]\p{L}+)*");

    private static readonly Pattern Unsafe = Pattern.AnyCase(
        @"\b(we|us|ours|ourselves|myself|mine|i['’]d|we['’]\w+|gotta)\b|\b(both|all) of us\b|\b(and|or|than|&) me\b|\b(i|me) (and|or)\b");

    private static readonly Pattern FirstI = Pattern.AnyCase(@"(?<joined>\b(and|or|than|&) )?\bi\b");

    private static readonly Pattern Quotation = Pattern.AnyCase("\"[^\"]*\"?|“[^”]*”?");

    private static readonly Pattern FirstPerson = Pattern.AnyCase(@"\b(i|me|my|i['’]\w+)\b");

    private static readonly Pattern PrepositionBefore = Pattern.AnyCase(
        @"\b(on|in|at|since|until|till|by|from|before|after|of|for|to|around|during|about|between|through|than"
        + @"|the|an?|my|his|her|their|our|this|that|these|those)\s+$");
}
