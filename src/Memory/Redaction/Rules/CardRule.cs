using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>
/// A payment card's number: an issuer's first digits and length (cards.txt), in one piece or in the groups on cards, and right by the Luhn
/// check.
/// </summary>
internal sealed class CardRule : IRedactionRule
{
    private const int DigitsMax = 19;
    private const int DigitsMin = 13;
    private const int RangeDigits = 6;

    private static readonly Issuer[] Issuers =
        [.. RuleFile.Read("cards").Where(static line => line.Heading != "groups").Select(static line => Issuer.Read(line.Text))];
    private static readonly FrozenSet<string> Groupings = RuleFile.ReadWords("cards", "groups").ToFrozenSet(StringComparer.Ordinal);

    public SearchValues<char> Starts { get; } = SearchValues.Create("23456");

    public TextSpan Match(ScannedText text, int at)
    {
        if (!text.IsEdge(at) || text[at - 1] == '.')
            return default;
        Span<char> digits = stackalloc char[DigitsMax];
        var (count, inGroup, end, best) = (0, 0, at, at);
        var (groups, between) = (string.Empty, '\0');
        while (count < DigitsMax && text.IsDigit(end))
        {
            digits[count++] = text[end++];
            inGroup++;
            if (text.IsWord(end))
                continue;
            groups += groups.Length == 0 ? $"{inGroup}" : $"-{inGroup}";
            inGroup = 0;
            if (count >= DigitsMin && (groups.Length <= 2 || Groupings.Contains(groups)) && IsCard(digits[..count]))
                best = end;
            if (text[end] is not (' ' or '-' or '\u00a0') || (between != '\0' && text[end] != between))
                break;
            between = text[end++];
        }

        return new TextSpan(at, best);
    }

    private static bool IsCard(ReadOnlySpan<char> digits)
    {
        var first = int.Parse(digits[..RangeDigits], NumberStyles.None, CultureInfo.InvariantCulture);
        foreach (var issuer in Issuers)
        {
            if (first >= issuer.From && first <= issuer.To && issuer.Lengths.Contains(digits.Length))
                return PassesLuhn(digits);
        }

        return false;
    }

    private static bool PassesLuhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            var digit = digits[i] - '0';
            if ((digits.Length - i) % 2 == 0)
                digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return sum % 10 == 0;
    }

    /// <param name="From">The least first six digits, <paramref name="To"/> the greatest.</param>
    private sealed record Issuer(int From, int To, int[] Lengths)
    {
        public static Issuer Read(string text)
        {
            var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var range = parts[0].Split('-');
            return new Issuer(
                int.Parse(range[0].PadRight(RangeDigits, '0'), CultureInfo.InvariantCulture),
                int.Parse(range[^1].PadRight(RangeDigits, '9'), CultureInfo.InvariantCulture),
                [.. parts[1].Split(',').Select(static length => int.Parse(length, CultureInfo.InvariantCulture))]);
        }
    }
}
