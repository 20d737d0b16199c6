namespace MemoryOrleans.Redaction.Rules;

/// <summary>Which groups of digits are a telephone number.</summary>
internal static class PhoneForms
{
    private const int InternationalMin = 8;
    private const int InternationalMax = 15;
    private const int NationalMin = 8;
    private const int NationalMax = 12;
    private const int SaidMin = 7;

    /// <param name="says">What the words before say: a telephone number, something else, or nothing.</param>
    public static bool IsPhone(DigitGroups number, int count, bool? says)
    {
        var digits = number.DigitsOf(count);
        if (number.HasPlus)
            return number[0][0] != '0' && digits is >= InternationalMin and <= InternationalMax;
        if (IsDate(number, count) || says == false)
            return false;
        return (says == true && digits is >= SaidMin and <= InternationalMax)
            || IsDialled(number, count, digits) || IsNorthAmerican(number, count) || IsFrench(number, count)
            || IsNational(number, count, digits)
            || IsMobile(number, count, digits);
    }

    // "2024-01-05", "05.06.2024", "5/6/24".
    private static bool IsDate(DigitGroups number, int count) => number.SignOf(count) is '-' or '.' or '/'
        && (number.HasLengths([4, 2, 2], 0, count) || number.HasLengths([2, 2, 4], 0, count) || number.HasLengths([1, 2, 4], 0, count)
            || number.HasLengths([2, 1, 4], 0, count) || number.HasLengths([1, 1, 4], 0, count));

    // "0049 30 1234567".
    private static bool IsDialled(DigitGroups number, int count, int digits) =>
        count > 1 && number[0].Length is >= 3 and <= 5 && number[0].StartsWith("00", StringComparison.Ordinal) && number[0][2] != '0'
        && digits is >= InternationalMin + 2 and <= InternationalMax + 2 && !number.HasSign('.', count);

    // "(555) 123-4567", "1-555-123-4567", "555.123.4567".
    private static bool IsNorthAmerican(DigitGroups number, int count)
    {
        var from = count == 4 && number[0] == "1" ? 1 : 0;
        return number.HasLengths([3, 3, 4], from, count) && number[from][0] is >= '2' and <= '9' && !number.HasSign('/', count)
            && (number.HasBracket || number.HasSign(')', count) || number.SignOf(count) is '-' or '.' or ' ');
    }

    // "06 12 34 56 78".
    private static bool IsFrench(DigitGroups number, int count) =>
        number.HasLengths([2, 2, 2, 2, 2], 0, count) && number[0][0] == '0' && number[0][1] != '0'
        && number.SignOf(count) is ' ' or '.' or '-';

    // "030 1234567", "0171/123 45 67", "(020) 7946 0958".
    private static bool IsNational(DigitGroups number, int count, int digits)
    {
        if (count < 2 || number[0].Length is < 3 or > 6 || number[0][0] != '0' || number[0][1] == '0'
            || digits is < NationalMin or > NationalMax)
            return false;
        for (var i = 1; i < count; i++)
        {
            if (number[i].Length < 2)
                return false;
        }

        return !number.HasSign('.', count) && !number.HasSign('(', count);
    }

    // In one piece, by the codes of mobile networks: German, British, French.
    private static bool IsMobile(DigitGroups number, int count, int digits) => count == 1 && number[0][0] == '0' && number[0][1..] switch
    {
        ['1', '5' or '6' or '7', ..] => digits is 11 or 12,
        ['7', ..] => digits is 10 or 11,
        ['6', ..] => digits is 10,
        _ => false,
    };
}
