using System.Buffers;
using System.Collections.Frozen;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>
/// What follows the word for a password (passwords.txt) and a colon, an equals sign or an "is": up to the next white space, or to
/// the closing quotation mark. After an "is" it must look like one, with a digit or a sign in it.
/// </summary>
internal sealed class PasswordRule : IRedactionRule
{
    private const int GapMax = 4;
    private const int QuotedMax = 256;
    private const int CarriedMin = 16;
    private const int SaidMin = 4;

    private static readonly string[] Verbs = RuleFile.ReadWords("passwords", "verb");
    private static readonly string[] Carriers = RuleFile.ReadWords("passwords", "carrier");

    private static readonly FrozenDictionary<char, string[]> Words = RuleFile.ReadWords("passwords", "assigned").Concat(Carriers)
        .GroupBy(static word => word[0]).ToFrozenDictionary(static group => group.Key, static group => group.ToArray());

    public SearchValues<char> Starts { get; } =
        SearchValues.Create([.. Words.Keys.Concat(Words.Keys.Select(char.ToUpperInvariant)).Distinct()]);

    public TextSpan Match(ScannedText text, int at)
    {
        foreach (var word in Words[char.ToLowerInvariant(text[at])])
        {
            if (!text.HasAnyCase(at, word) || !BeginsAt(text, at) || text.IsWord(at + word.Length))
                continue;
            var value = Carriers.Contains(word) ? FindCarried(text, at + word.Length) : FindAssigned(text, at + word.Length);
            if (value.Length > 0)
                return value;
        }

        return default;
    }

    // A word of its own, or one that goes on with a capital as names in programs do.
    private static bool BeginsAt(ScannedText text, int at) => !char.IsLetter(text[at - 1]) || char.IsUpper(text[at]);

    private static TextSpan FindAssigned(ScannedText text, int at)
    {
        at = text.EndOf(at, static c => c is '"' or '\'' or '`' or '*' or '\\', 3);
        var afterGap = SkipGap(text, at);
        var sign = text.EndOf(afterGap, static c => c is ':' or '=' or '：' or '>', 2);
        if (sign > afterGap)
        {
            var start = SkipGap(text, sign);
            return text.HasAnyCase(start, "bearer ") ? FindCarried(text, start + 6) : FindValue(text, start, isSaid: false);
        }

        foreach (var verb in afterGap > at ? Verbs : [])
        {
            var end = afterGap + verb.Length;
            if (text.HasAnyCase(afterGap, verb) && text[end] is ' ' or ':')
                return FindValue(text, SkipGap(text, text[end] == ':' ? end + 1 : end), isSaid: true);
        }

        return default;
    }

    private static TextSpan FindCarried(ScannedText text, int at)
    {
        if (text[at] != ' ')
            return default;
        var end = text.EndOf(at + 1, static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '~' or '+' or '/' or '=' or '-');
        return end - at > CarriedMin && LooksSecret(text, at + 1, end) ? new TextSpan(at + 1, end) : default;
    }

    private static TextSpan FindValue(ScannedText text, int at, bool isSaid)
    {
        at = text.EndOf(at, static c => c is '\\' or '*', 2);
        if (IsLabel(text, at))
            return default;
        var quote = text[at];
        if (quote is '"' or '\'' or '`')
        {
            at++;
            if (IsLabel(text, at))
                return default;
            var end = text.EndOf(at, c => c != quote && c is not '\n', QuotedMax);
            if (text[end] == quote && end > at)
                return isSaid && !LooksSecret(text, at, end) ? default : new TextSpan(at, end);
        }

        var stop = text.EndOf(at, static c => !char.IsWhiteSpace(c) && c is not ('"' or '`' or '，' or '。' or '、' or '；'));
        return stop == at || (isSaid && !LooksSecret(text, at, stop)) ? default : new TextSpan(at, stop);
    }

    private static bool LooksSecret(ScannedText text, int start, int end)
    {
        end = text.Trim(start, end);
        if (end - start < SaidMin)
            return false;
        for (var i = start; i < end; i++)
        {
            if (!char.IsLetter(text[i]) && text[i] is not ('\'' or '’'))
                return true;
        }

        return false;
    }

    private static bool IsLabel(ScannedText text, int at)
    {
        if (text[at] != '[')
            return false;
        foreach (var (_, _, _, label) in RedactionNames.All)
        {
            if (text.Has(at, label))
                return true;
        }

        return false;
    }

    private static int SkipGap(ScannedText text, int at) => text.EndOf(at, static c => c is ' ' or '\t' or '\u00a0', GapMax);
}
