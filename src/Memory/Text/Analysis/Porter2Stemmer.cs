namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// The English (Porter2) stemmer of the Snowball project, as in libstemmer 2.0 to 2.2 and in PostgreSQL's
/// <c>english_stem</c>. Source: https://snowballstem.org/algorithms/english/stemmer.html. Rules for apostrophes are left
/// out, for tokens hold none.
/// </summary>
public static class Porter2Stemmer
{
    private const int ShortestStemmed = 3;

    /// <summary>
    /// Stems a lower-case word in place and returns the length of its stem, which is never longer than the word. A word
    /// with a character outside a–z is left as it is.
    /// </summary>
    public static int Stem(Span<char> word)
    {
        if (word.Length < ShortestStemmed || word.ContainsAnyExceptInRange('a', 'z'))
            return word.Length;
        if (Porter2Exceptions.TryStem(word, out var special))
            return special;

        var stem = new Porter2Word(word);
        stem.Prepare();
        stem.DropPlural();
        if (!Porter2Exceptions.EndsHere(stem.Letters))
        {
            stem.DropPastOrProgressive();
            stem.TurnFinalY();
            stem.ShortenDoubleSuffix();
            stem.ShortenAdjectiveSuffix();
            stem.DropResidualSuffix();
            stem.DropFinalEOrL();
        }

        stem.Letters.Replace('Y', 'y');
        return stem.Letters.Length;
    }
}

/// <summary>The words for which the rules of Porter2 give too much or too little.</summary>
internal static class Porter2Exceptions
{
    private const int LongestSpecial = 6;
    private const int ShortestEnd = 6;
    private const int LongestEnd = 7;

    /// <summary>Words with a stem of their own; those that are their own stem, too.</summary>
    public static bool TryStem(Span<char> word, out int length)
    {
        length = word.Length;
        if (word.Length > LongestSpecial)
            return false;
        ReadOnlySpan<char> stem = word switch
        {
            "skis" => "ski",
            "skies" => "sky",
            "dying" => "die",
            "lying" => "lie",
            "tying" => "tie",
            "idly" => "idl",
            "gently" => "gentl",
            "ugly" => "ugli",
            "early" => "earli",
            "only" => "onli",
            "singly" => "singl",
            "sky" or "news" or "howe" or "atlas" or "cosmos" or "bias" or "andes" => word,
            _ => default,
        };
        if (stem.IsEmpty)
            return false;
        stem.CopyTo(word);
        length = stem.Length;
        return true;
    }

    /// <summary>Words that are finished once their plural is dropped.</summary>
    public static bool EndsHere(ReadOnlySpan<char> word) =>
        word.Length is >= ShortestEnd and <= LongestEnd
        && word is "inning" or "outing" or "canning" or "herring" or "earring" or "proceed" or "exceed" or "succeed";
}
