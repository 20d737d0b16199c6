using System.Buffers;
using System.Collections.Frozen;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>
/// A telephone number: with its country's code, in a form of North America or France, with a leading zero and an area code, or,
/// after a word that says so (phones.txt), any number of its length. Plain numbers, dates, versions and numbers of orders are none.
/// </summary>
internal sealed class PhoneRule : IRedactionRule
{
    private const int CueLettersMax = 24;
    private const int CueWordsMax = 4;
    private const int CueGapMax = 3;

    private static readonly FrozenSet<string> Cues = RuleFile.ReadWords("phones", "cue").ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> Others = RuleFile.ReadWords("phones", "other").ToFrozenSet(StringComparer.Ordinal);

    public SearchValues<char> Starts { get; } = SearchValues.Create("+(0123456789");

    public TextSpan Match(ScannedText text, int at)
    {
        if (!text.IsEdge(at) || text[at - 1] is '.' or '-' or '/' or '_' or '#' or '@' or '$' or '€' or '£' or '+' or '(')
            return default;
        var number = DigitGroups.Read(text, at);
        if (number.Count == 0)
            return default;
        var says = number.HasPlus ? null : FindCue(text, at);
        for (var groups = number.Count; groups > 0; groups--)
        {
            if (!text.IsWord(number.EndOf(groups)) && PhoneForms.IsPhone(number, groups, says))
                return new TextSpan(at, number.EndOf(groups));
        }

        return default;
    }

    /// <summary>
    /// Whether the words before say that it is a telephone number (true) or something else (false); null: they say nothing.
    /// </summary>
    private static bool? FindCue(ScannedText text, int at)
    {
        for (var words = 0; words < CueWordsMax; words++)
        {
            var gap = at;
            while (at > text.Floor && gap - at < CueGapMax && text[at - 1] is ' ' or ':' or '.' or '\t' or '#' or '=' or '"' or '/')
                at--;
            var end = at;
            while (at > text.Floor && end - at < CueLettersMax && char.IsLetter(text[at - 1]))
                at--;
            if (at == end)
                return null;
            var word = text.Cut(at, end).ToLowerInvariant();
            if (Others.Contains(word))
                return false;
            if (Cues.Contains(word))
                return true;
        }

        return null;
    }
}
