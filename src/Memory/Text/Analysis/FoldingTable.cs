using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// What each character outside ASCII becomes for search: lower case, without decorating marks, compatibility forms
/// resolved, digits in ASCII. The runtime normalises nothing under invariant globalization, so the table is our own,
/// read from <c>folding.txt</c>; thus terms do not change with the machine's ICU either.
/// </summary>
internal static class FoldingTable
{
    /// <summary>Ends a word.</summary>
    public const char Separator = ' ';

    /// <summary>Apostrophes of all kinds.</summary>
    public const char Apostrophe = '\'';

    /// <summary>Stands inside Hebrew abbreviations.</summary>
    public const char DoubleQuote = '"';

    /// <summary>Vanishes: the word goes on as if it were not there.</summary>
    public const char Dropped = '\uFFFF';

    /// <summary>Becomes several characters, see <see cref="Expand"/>.</summary>
    public const char Expanded = '\uFFFE';

    /// <summary>May make one letter with the one before it, see <see cref="TryJoin"/>.</summary>
    public const char Joining = '\uFFFD';

    /// <summary>Zero width non-joiner.</summary>
    public const char NonJoiner = '\uFFFC';

    /// <summary>Half of a pair.</summary>
    public const char Surrogate = '\uFFFB';

    private const int VariationSelectorsFirst = 0xE0100;
    private const int VariationSelectorsLast = 0xE01EF;

    private static readonly Dictionary<int, string> Expansions = [];
    private static readonly Dictionary<int, char> Joins = [];
    private static readonly char[] Map = MapPlane(FoldingLines.Read());

    /// <summary>What a character of the basic plane becomes: a character of a word, or one of the constants above.</summary>
    public static char Fold(char letter) => Map[letter];

    public static string Expand(char letter) => Expansions[letter];

    public static bool TryJoin(char before, char mark, out char joined) => Joins.TryGetValue(before << 16 | mark, out joined);

    /// <summary>What a character outside the basic plane becomes: empty when dropped, null when it ends a word.</summary>
    public static string? Fold(Rune rune)
    {
        if (Expansions.TryGetValue(rune.Value, out var folded))
            return folded;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Format => "",
            UnicodeCategory.DecimalDigitNumber => ((int)Rune.GetNumericValue(rune)).ToString(CultureInfo.InvariantCulture),
            UnicodeCategory.NonSpacingMark when rune.Value is >= VariationSelectorsFirst and <= VariationSelectorsLast => "",
            var category => IsPartOfWord(category) ? Rune.ToLowerInvariant(rune).ToString() : null,
        };
    }

    private static bool IsPartOfWord(UnicodeCategory category) => category
        is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static char[] MapPlane(FoldingLines rules)
    {
        var map = new char[char.MaxValue + 1];
        for (var code = 0; code < map.Length; code++)
            map[code] = FoldByCategory((char)code);
        foreach (var (source, target) in rules.Targets)
            AddTarget(map, source, target);
        for (var code = 0; code < map.Length; code++)
            FoldUpperCase(map, (char)code, rules);
        foreach (var (before, mark, joined) in rules.Joins)
        {
            Joins[before << 16 | mark] = joined;
            map[mark] = Joining;
        }

        foreach (var dropped in rules.Dropped)
        {
            if (map[dropped] != Joining)
                map[dropped] = Dropped;
        }

        AddPunctuation(map);
        return map;
    }

    private static char FoldByCategory(char letter) => CharUnicodeInfo.GetUnicodeCategory(letter) switch
    {
        UnicodeCategory.Surrogate => Surrogate,
        UnicodeCategory.DecimalDigitNumber => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(letter)),
        UnicodeCategory.Format or UnicodeCategory.EnclosingMark => Dropped,
        var category => IsPartOfWord(category) ? letter : Separator,
    };

    private static void AddTarget(char[] map, int source, string target)
    {
        if (source <= char.MaxValue)
            map[source] = target.Length == 1 ? target[0] : Expanded;
        if (source > char.MaxValue || target.Length > 1)
            Expansions[source] = target;
    }

    private static void FoldUpperCase(char[] map, char letter, FoldingLines rules)
    {
        var lower = char.ToLowerInvariant(letter);
        if (lower == letter || rules.Targets.ContainsKey(letter))
            return;
        map[letter] = map[lower];
        if (map[lower] == Expanded)
            Expansions[letter] = Expansions[lower];
    }

    private static void AddPunctuation(char[] map)
    {
        map['\u2019'] = Apostrophe;
        map['\u02BC'] = Apostrophe;
        map['\uFF07'] = Apostrophe;
        map['\u05F3'] = Apostrophe;
        map['\u05F4'] = DoubleQuote;
        map['\u200B'] = Separator;
        map['\u200C'] = NonJoiner;
    }
}

/// <summary>The lines of <c>folding.txt</c>.</summary>
internal sealed record FoldingLines(
    FrozenDictionary<int, string> Targets, IReadOnlyList<char> Dropped, IReadOnlyList<(char Before, char Mark, char Joined)> Joins)
{
    public static FoldingLines Read()
    {
        var targets = new Dictionary<int, string>();
        var dropped = new List<char>();
        var joins = new List<(char, char, char)>();
        foreach (var line in EmbeddedLines.Read("folding.txt"))
        {
            var words = line.Split(' ');
            if (words[0] == "drop")
                dropped.AddRange(words.Skip(1).SelectMany(ParseRange));
            else if (words[0] == "join")
                joins.AddRange(words.Skip(2).Select(pair => (pair[0], ParseHex(words[1]), pair[1])));
            else
                AddSources(targets, words[0], words[1]);
        }

        return new FoldingLines(targets.ToFrozenDictionary(), dropped, joins);
    }

    private static void AddSources(Dictionary<int, string> targets, string target, string sources)
    {
        foreach (var source in sources.EnumerateRunes())
            targets.Add(source.Value, target);
    }

    private static IEnumerable<char> ParseRange(string range)
    {
        var ends = range.Split('-');
        for (int code = ParseHex(ends[0]); code <= ParseHex(ends[1]); code++)
            yield return (char)code;
    }

    private static char ParseHex(string digits) =>
        (char)ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
