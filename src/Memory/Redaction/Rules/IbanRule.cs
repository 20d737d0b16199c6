using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>
/// An international bank account number of a known country's length (ibans.txt) whose check digits are right (ISO 13616, modulo 97).
/// </summary>
internal sealed class IbanRule : IRedactionRule
{
    private const int Modulus = 97;

    private static readonly FrozenDictionary<string, int> Lengths = RuleFile.Read("ibans")
        .SelectMany(static line => line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(country => (country, length: int.Parse(line.Heading, CultureInfo.InvariantCulture))))
        .ToFrozenDictionary(static each => each.country, static each => each.length, StringComparer.Ordinal);

    private static readonly string Letters = string.Concat(Lengths.Keys.Select(static country => country[0]).Distinct());

    public SearchValues<char> Starts { get; } = SearchValues.Create(Letters + Letters.ToLowerInvariant());

    public TextSpan Match(ScannedText text, int at)
    {
        if (!text.IsEdge(at) || !char.IsAsciiLetter(text[at + 1]) || !text.IsDigit(at + 2) || !text.IsDigit(at + 3)
            || !Lengths.TryGetValue(text.Cut(at, at + 2).ToUpperInvariant(), out var length))
            return default;
        var head = Append(Append(Append(Append(0, text[at]), text[at + 1]), text[at + 2]), text[at + 3]);
        var (end, rest) = (at + 4, 0L);
        for (var taken = 4; taken < length; taken++)
        {
            if (text[end] is ' ' or '\u00a0' or '-')
                end++;
            if (!char.IsAsciiLetterOrDigit(text[end]))
                return default;
            rest = Append(rest, text[end++]) % Modulus;
        }

        // Country and check digits are reckoned as if they stood at the end.
        return !text.IsWord(end) && ((rest * 1_000_000) + head) % Modulus == 1 ? new TextSpan(at, end) : default;
    }

    // Letters count as 10 to 35.
    private static long Append(long sum, char c)
    {
        var digit = char.IsAsciiDigit(c) ? c - '0' : char.ToUpperInvariant(c) - 'A' + 10;
        return (sum * (digit > 9 ? 100 : 10)) + digit;
    }
}
