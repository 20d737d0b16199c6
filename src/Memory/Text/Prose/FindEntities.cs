using System.Collections.Frozen;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Text.Prose;

/// <summary>
/// Names of people, places, organisations and things: runs of capitalised words. A run at a sentence's start counts only
/// when the run also stands inside a sentence, or looks like nothing but a name (LGBTQ, NVivo). Titles in double quotes
/// count, too. Scripts without capitals have none but quoted ones.
/// </summary>
internal sealed class FindEntities
{
    private const int NameLengthMax = 60;
    private const int QuotedWordsMax = 6;

    private static readonly FrozenSet<string> Never = (
        "i im ive ill id ok okay oh ah aw aww wow hey hi hello yes yeah yep no nope thanks thank congrats bye lol omg fyi btw asap diy "
        + "god sure well so and but or the a an mom mum dad mommy daddy grandma grandpa mr mrs ms dr miss sir todo api url html css "
        + "json sql http id faq pdf eta am pm tv ps january february march april may june july august september october november "
        + "december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue "
        + "tues wed thu thurs fri sat sun today yesterday tomorrow christmas easter my our your his her their its we you he she they it "
        + "this that these those what when where why how who which there here if is are was were do does did can could would should will")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Takes names that need no proof: speakers.</summary>
    public void Know(string name) => known.Add(name);

    /// <summary>Reads a sentence for runs that stand inside it.</summary>
    public void Read(string sentence)
    {
        if (IsTitleOrShout(sentence))
            return;
        foreach (var (name, isInside, _) in Runs(sentence))
        {
            if (isInside)
                known.Add(name);
        }
    }

    /// <summary>The names in a sentence, each once: titles, then the others in its order. All sentences have been read before.</summary>
    public IReadOnlyList<string> In(string sentence)
    {
        var names = new List<string>();
        foreach (var quoted in Quoted.All(sentence))
        {
            var title = quoted["title"].Value.Trim(' ', ',', '.');
            if (title.Length is > 1 and <= NameLengthMax && title.Count(static letter => letter == ' ') < QuotedWordsMax
                && !names.Contains(title))
                names.Add(title);
        }

        if (IsTitleOrShout(sentence))
            return names;
        foreach (var (name, isInside, isSurely) in Runs(sentence))
        {
            if ((isInside || isSurely || known.Contains(name)) && !names.Exists(other => other.Contains(name, StringComparison.Ordinal)))
                names.Add(name);
        }

        return names;
    }

    private IEnumerable<(string Name, bool IsInside, bool IsSurely)> Runs(string sentence)
    {
        foreach (var run in CapitalisedRuns.In(sentence))
        {
            var (name, start) = (sentence[run], run.Start.Value);
            var wasCut = false;
            while (name.Length > 0 && Never.Contains(FirstWord(name)))
            {
                var rest = name[FirstWord(name).Length..].TrimStart(' ', '\'', '’', '-');
                rest = rest.Length > 0 && !char.IsUpper(rest[0]) ? "" : rest;
                wasCut = wasCut || rest.Length > 0;
                (start, name) = (start + name.Length - rest.Length, rest);
            }

            name = TrimEnd(TrimPossessive(name));
            if (!IsInside(sentence, start) && FirstWord(name) is var first && first.Length + 1 < name.Length
                && known.Contains(name[(first.Length + 1)..]) && !known.Contains(name))
                (start, name, wasCut) = (start + first.Length + 1, name[(first.Length + 1)..], true);
            if (name.Length < 2 || name.Length > NameLengthMax || Never.Contains(name))
                continue;
            yield return (name, wasCut || IsInside(sentence, start), LooksLikeName(name));
        }
    }

    private static bool IsInside(string sentence, int start)
    {
        var before = start - 1;
        while (before >= 0 && (sentence[before] is ' ' or '('))
            before--;
        return before >= 0 && (char.IsLetterOrDigit(sentence[before])
            || sentence[before] is ',' or '/' or '-' or '–' or '—' or '\'' or '’' or '@' or '&' or ')');
    }

    private static bool LooksLikeName(string name)
    {
        var capitals = name.Count(char.IsUpper);
        return capitals >= 2 && (name.Contains(' ', StringComparison.Ordinal) || name.Length > 2);
    }

    private static string FirstWord(string name)
    {
        var end = name.AsSpan().IndexOfAny(" '’-");
        return end < 0 ? name : name[..end];
    }

    private static string TrimPossessive(string name) =>
        name.EndsWith("'s", StringComparison.Ordinal) || name.EndsWith("’s", StringComparison.Ordinal)
        ? name[..^2] : name.TrimEnd('\'', '’', '-', '&', ' ');

    /// <summary>Words like "I" and "Friday" end no name.</summary>
    private static string TrimEnd(string name)
    {
        for (var last = name.LastIndexOf(' '); last > 0 && Never.Contains(name[(last + 1)..]); last = name.LastIndexOf(' '))
            name = name[..last];
        return name;
    }

    private static bool IsTitleOrShout(string sentence)
    {
        var (upper, letters, words, capitalised) = (0, 0, 0, 0);
        for (var i = 0; i < sentence.Length; i++)
        {
            if (!char.IsLetter(sentence[i]))
                continue;
            letters++;
            upper += char.IsUpper(sentence[i]) ? 1 : 0;
            if (i > 0 && (char.IsLetter(sentence[i - 1]) || sentence[i - 1] is '\'' or '’'))
                continue;
            words++;
            capitalised += char.IsUpper(sentence[i]) ? 1 : 0;
        }

        return (letters > 12 && upper * 10 > letters * 7) || (words > 4 && capitalised * 10 > words * 8);
    }

    private static readonly Pattern Quoted = Pattern.Exact("[\"“](?<title>\\p{Lu}[^\"“”]{1,60})[\"”]");
}
