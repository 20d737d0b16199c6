using System.Collections.Frozen;

namespace MemoryOrleans.Updates;

/// <summary>The same sentence with another value in it: "My gym is Alpha." and "My gym is Beta now."</summary>
internal static class Frame
{
    private const double ShareMin = 0.5;
    private const int MiddleMax = 7;
    private const double PrefixWeightMin = 0.4;
    private const double SuffixWeightMin = 0.3;
    private static readonly FrozenSet<string> Copulas =
        "is are am was were be been 's 're 'm has have had do does did will would can could".Split(' ').ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> NoSubjects =
        "it that this these those they he she there you hmm well what which who how".Split(' ').ToFrozenSet(StringComparer.Ordinal);
    private static readonly string[] Offices = ["lead", "chair", "manag", "head", "coach", "run", "own", "boss", "captain", "direct"];
    private static readonly HashSet<string> Praise = WordFile.ReadWords("praise")[Languages.English];
    private static readonly PhraseList ManyValued = PhraseList.Load("many-valued");

    /// <summary>Another one holds an office that one alone holds: "Ann leads the team", "Bo leads the team now".</summary>
    public static bool IsOtherHolder(StatementPair pair) => pair.IsEnglish
        && pair.Newer.Owner.Leading.Count > 0 && pair.Older.Owner.Leading.Count > 0
        && pair.Newer.Spoken.Exists(static word => Array.Exists(Offices, office => word.StartsWith(office, StringComparison.Ordinal)))
        && Of(pair) == "frame+cue";

    /// <summary>"frame", or "frame+cue" where what comes first changed; null.</summary>
    public static string? Of(StatementPair pair)
    {
        if (pair.Older.Language != pair.Newer.Language)
            return null;
        return pair.Newer.Wording.IsUnspaced ? OfCharacters(pair) : OfTokens(pair);
    }

    private static string? OfTokens(StatementPair pair)
    {
        var (old, now) = (pair.Older.Spoken, pair.Newer.Spoken);
        var prefix = CommonPrefix(old, now);
        var suffix = CommonSuffix(old, now, prefix);
        if ((double)(prefix + suffix) / Math.Max(old.Count, now.Count) < ShareMin)
            return null;
        if (!IsValue(old[prefix..^suffix]) || !IsValue(now[prefix..^suffix]))
            return null;
        var isTold = pair.IsStrong || pair.Newer.Cues.Now;
        if (prefix == 0)
            return WeightOf(pair.Newer, now.Skip(now.Count - suffix)) >= SuffixWeightMin && isTold ? "frame+cue" : null;
        if (old.Skip(old.Count - suffix).Any(Copulas.Contains) && !isTold)
            return null;
        return HoldsSubject(pair, now.Take(prefix).ToList()) && (!IsManyValued(pair, prefix) || pair.HasOtherValue || pair.IsStrong)
            ? "frame" : null;
    }

    // What the sentence is about is the speaker's own, or named: "these sound helpful" is about nothing.
    private static bool HoldsSubject(StatementPair pair, List<string> prefix) =>
        prefix.Count >= 2 && !NoSubjects.Contains(prefix[0]) && WeightOf(pair.Newer, prefix) >= PrefixWeightMin
        && (pair.Newer.Owner.IsSelf || pair.Newer.Owner.Leading.Count > 0 || pair.Newer.Owner.Subject.Count > 0
        || pair.Newer.Owner.Possessors.Count > 0 || pair.Newer.Language != Languages.English);

    private static bool IsManyValued(StatementPair pair, int prefix) =>
        ManyValued.Find(pair.Newer.Wording).Any(match => match.Start <= prefix);

    private static bool IsValue(List<string> middle) =>
        middle.Count is >= 1 and <= MiddleMax && !middle.Exists(Copulas.Contains) && !middle.TrueForAll(Praise.Contains);

    private static double WeightOf(Statement statement, IEnumerable<string> words) =>
        words.Select(word => Content.Stem(statement.Language, word)).Distinct().Sum(stem => statement.Words.GetValueOrDefault(stem));

    private static string? OfCharacters(StatementPair pair)
    {
        var old = pair.Older.Wording.Text.TrimEnd('。', '！', '.', '了');
        var now = pair.Newer.Wording.Text.TrimEnd('。', '！', '.', '了');
        var prefix = old.AsSpan().CommonPrefixLength(now);
        var suffix = 0;
        while (suffix < Math.Min(old.Length, now.Length) - prefix && old[^(suffix + 1)] == now[^(suffix + 1)])
            suffix++;
        var most = Math.Max(old.Length, now.Length);
        return prefix >= 4 && prefix + suffix < Math.Min(old.Length, now.Length) && (double)(prefix + suffix) / most >= 0.6
            && (pair.IsStrong || pair.Newer.Cues.Now || pair.HasOtherValue) ? "frame" : null;
    }

    private static int CommonPrefix(List<string> left, List<string> right)
    {
        var length = 0;
        while (length < Math.Min(left.Count, right.Count) && left[length] == right[length])
            length++;
        return length;
    }

    private static int CommonSuffix(List<string> left, List<string> right, int prefix)
    {
        var length = 0;
        while (length < Math.Min(left.Count, right.Count) - prefix && left[^(length + 1)] == right[^(length + 1)])
            length++;
        return length;
    }
}
