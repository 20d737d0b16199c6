using System.Collections.Frozen;
using MemoryOrleans.Text.Analysis;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// Whether a statement says something to whoever was not there: nothing in it points at what stood before ("I chose to write about
/// this", "a fan of it", "volunteering here"), and enough of its words tell what it is about ("we've got cool projects in the works"
/// tells nothing). What points back is refused, for what it points at is not surely known.
/// </summary>
internal static class StandAlone
{
    private const int TellingMin = 2;
    private const int FullMin = 4;
    private const int PhraseWordsMin = 2;
    private const int ClauseWordsMin = 4;

    private static readonly FrozenSet<string> SaysLittle = Set(string.Join(' ', WordList.Alternatives("SaysLittle").Split('|')));

    // "This week", "these days" need no sentence before them.
    private static readonly FrozenSet<string> Times = Set(
        "week weekend month year morning afternoon evening night summer winter spring fall autumn semester quarter term past last "
        + "coming next time days weeks months years "
        + "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october "
        + "november december");

    private static readonly FrozenSet<string> Prepositions =
        Set("of to about with for at in on from into after like by through behind over");

    private static readonly FrozenSet<string> ClauseWords =
        Set("and but so because 'cause cause since when while that which who if as or though although");

    private static readonly FrozenSet<string> People = Set(
        string.Join(' ', WordList.Alternatives("Relatives").Split('|')) + " "
        + string.Join(' ', WordList.Alternatives("Animals").Split('|')) + " "
        + string.Join(' ', WordList.Alternatives("People").Split('|')));

    // They are not kept with the text.
    private static readonly FrozenSet<string> Pictures = Set("pic pics picture pictures photo photos image images selfie shot video clip");

    // After "one" or "this" they begin what comes next, so the word stands for itself.
    private static readonly FrozenSet<string> Breaks = Set(
        "and but so because 'cause cause since when while that which who if as or for with to at in on from after before is are was "
        + "were has have had will can i we they he she it my our the a an now too again then up out");

    /// <summary>
    /// The statement, or what stands of it before a clause that points back; null where nothing is left that says something.
    /// </summary>
    /// <param name="statement">As its speaker said it.</param>
    /// <param name="speaker">Whose name tells nothing.</param>
    /// <param name="isEvent">It tells of an event in somebody's life: then one word says which.</param>
    public static string? Of(string statement, string speaker, Func<string, FoundClaim?> claimOf, Func<string, bool> isEvent)
    {
        var words = statement.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var plain = Array.ConvertAll(words, Plain);
        var many = Telling(words, plain, speaker) >= FullMin;
        for (var i = 0; i < words.Length; i++)
        {
            if (!PointsBack(words, plain, i, many))
                continue;
            var end = BeginOfClause(words, plain, i);
            return end < ClauseWordsMin
                ? null : Of(string.Join(' ', words[..end]).TrimEnd(',', ';', '-', '–', '—', ' '), speaker, claimOf, isEvent);
        }

        var telling = Telling(words, plain, speaker);
        return telling >= TellingMin
            || (telling > 0 && (isEvent(statement) || (claimOf(statement) is { } told && SaysMuch(told.Claim.Value)))) ? statement : null;
    }

    // Where ", and they …" begins, the last time before a word; 0 where the word stands in the first clause.
    private static int BeginOfClause(string[] words, string[] plain, int at)
    {
        for (var i = at; i > 0; i--)
        {
            if (words[i - 1][^1] is ',' or ';' or '-' or '–' or '—' ||
                (plain[i] is "and" or "but" or "so"
                && plain.ElementAtOrDefault(i + 1) is "i" or "we" or "it" or "this" or "that" or "they"))
                return i;
        }

        return 0;
    }

    private static bool PointsBack(string[] words, string[] plain, int i, bool isFull) => plain[i] switch
    {
        "this" when isFull && Next(plain, i) is "project" or "app" or "application" or "essay" or "semester" => false,
        "this" or "these" or "that" when Pictures.Contains(Next(plain, i)) => true,
        "this" or "these" => !IsPhrase(words, plain, i),
        "those" => Next(plain, i) is not ("who" or "with" or "in" or "of" or "that" or "from") && !IsPhrase(words, plain, i),
        "that" => IsAtEnd(words, i) || (i > 0 && Prepositions.Contains(plain[i - 1])),
        "here" => Next(plain, i) is not "in" || i + 2 >= words.Length || !char.IsUpper(words[i + 2][0]),
        "there" => Next(plain, i) is not ("is" or "are" or "was" or "were" or "will" or "has" or "have" or "had"),
        "it" => !plain.AsSpan(0, i).ContainsAnyOf(ClauseWords)
        && !words.Take(i).Any(static word => word[^1] is ',' or '-' or '–' or '—' or ';'),
        "his" or "her" or "him" => !NamesSomebody(words, plain, i),
        "one" or "ones" => i > 0 && plain[i - 1] is not ("last" or "first" or "only" or "second" or "no" or "each" or "every")
            && (IsAtEnd(words, i) || Breaks.Contains(Next(plain, i))),
        _ => false,
    };

    // "Carla showed me her boat", "my aunt and her dog": whose it is has been said.
    private static bool NamesSomebody(string[] words, string[] plain, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (People.Contains(plain[i]) || (i > 0 && plain[i][0] != 'i' && char.IsUpper(words[i][0])))
                return true;
        }

        return before > 0 && char.IsUpper(words[0][0]) && !StopWords.Contains(plain[0]);
    }

    // Of two words or more it may be known again: "this adoption advice group"; so may what follows a colon.
    private static bool IsPhrase(string[] words, string[] plain, int i)
    {
        if (Times.Contains(Next(plain, i)))
            return true;
        var length = 0;
        for (var at = i + 1; at < words.Length && !Breaks.Contains(plain[at]); at++)
        {
            length++;
            if (words[at][^1] == ':')
                return true;
            if (!char.IsLetterOrDigit(words[at][^1]))
                break;
        }

        return length >= PhraseWordsMin && plain[i + 1] is not ("kind" or "type" or "one" or "ones");
    }

    private static int Telling(string[] words, string[] plain, string speaker)
    {
        var telling = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Length; i++)
        {
            if (plain[i].Length > 2 ? IsTelling(plain[i])
                && !plain[i].Equals(speaker, StringComparison.OrdinalIgnoreCase) : plain[i].AsSpan().ContainsAnyInRange('0', '9'))
                telling.Add(plain[i]);
        }

        return telling.Count;
    }

    private static bool SaysMuch(string value) => value.Split(' ').Any(IsTelling);

    private static bool IsTelling(string word) => word.Length > 1 && !StopWords.Contains(word) && !SaysLittle.Contains(word)
        && !Times.Contains(word) && !word.Contains('\'', StringComparison.Ordinal);

    private static bool IsAtEnd(string[] words, int i) => i + 1 == words.Length || !char.IsLetterOrDigit(words[i][^1]);

    private static string Next(string[] plain, int i) => i + 1 < plain.Length ? plain[i + 1] : "";

    private static string Plain(string word)
    {
        var text = word.Replace('’', '\'').ToLowerInvariant()
            .Trim('.', ',', ';', ':', '!', '?', '(', ')', '"', '“', '”', '–', '—', '-', '*', '[', ']');
        return text.EndsWith("'s", StringComparison.Ordinal) ? text[..^2] : text;
    }

    private static bool ContainsAnyOf(this ReadOnlySpan<string> words, FrozenSet<string> some)
    {
        foreach (var word in words)
        {
            if (some.Contains(word))
                return true;
        }

        return false;
    }

    private static bool ContainsAnyOf(this Span<string> words, FrozenSet<string> some) => ((ReadOnlySpan<string>)words).ContainsAnyOf(some);

    private static FrozenSet<string> Set(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
