namespace MemoryOrleans.Updates;

/// <summary>Liked before and disliked now, or the other way round; in other languages said and denied.</summary>
internal static class Polarity
{
    public static bool IsTurned(StatementPair pair)
    {
        var (older, newer) = (pair.Older, pair.Newer);
        if (!older.Owner.IsSelf || !newer.Owner.IsSelf || pair.Shared.Count == 0)
            return false;
        var covers = pair.SharedWeight / older.Weight;
        if (!pair.IsEnglish)
            return older.Flags.IsDenied != newer.Flags.IsDenied && covers >= 0.6 && pair.IsShort;
        var isTurned = (older.Flags.Likes && newer.Flags.Dislikes) || (older.Flags.Dislikes && newer.Flags.Likes && !newer.Flags.Dislikes);
        return isTurned && covers >= 0.5 && IsSameObject(pair);
    }

    // "the new jazz club" is not jazz: what is liked now lies within what was.
    private static bool IsSameObject(StatementPair pair)
    {
        var newer = pair.Newer;
        var at = 0;
        while (at < newer.Wording.Tokens.Count && !IsAttitude(newer.Wording.Tokens[at].Folded))
            at++;
        var stems = newer.Wording.Tokens.Skip(at + 1)
            .TakeWhile(static token => token.IsWord && token.Folded is not ("any" or "anymore" or "because" or "since" or "as"))
            .Select(static token => Content.Stem(Languages.English, token.Folded)).Where(newer.Words.ContainsKey).ToList();
        return stems.Count > 0 && stems.TrueForAll(pair.Older.Words.ContainsKey);
    }

    private static bool IsAttitude(string word) =>
        word is "stand" or "like" or "love" or "hate" or "enjoy" or "dislike" or "bear" or "of" or "off" or "into" or "adore" or "avoid";
}
