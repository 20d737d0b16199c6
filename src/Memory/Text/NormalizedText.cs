using System.Text;

namespace MemoryOrleans.Text;

/// <summary>
/// The form in which two contents are the same text: lower case, single spaces, without quotation and sentence marks.
/// Apostrophes are dropped in place (can't → cant), and what tells numbers, amounts and names apart stays: the point in 5.50,
/// the sign of −5, the signs of C++ and C#, %, currencies.
/// </summary>
public static class NormalizedText
{
    private const string Signs = "+#%$€£¥&@°=<>";

    public static string Of(string text)
    {
        var composed = WithoutHalves(text).Normalize(NormalizationForm.FormKC);
        var form = new StringBuilder(composed.Length);
        var isGap = false;
        for (var i = 0; i < composed.Length; i++)
        {
            var letter = composed[i];
            if (letter is '\'' or '’')
                continue;
            if (!IsKept(composed, i))
            {
                isGap = true;
                continue;
            }

            if (isGap && form.Length > 0)
                form.Append(' ');
            isGap = false;
            form.Append(letter == '−' ? '-' : char.ToLowerInvariant(letter));
        }

        return form.ToString();
    }

    /// <summary>Half of a surrogate pair, which a cut may leave, cannot be composed: U+FFFD takes its place.</summary>
    private static string WithoutHalves(string text) => text.AsSpan().ContainsAnyInRange('\ud800', '\udfff')
        ? Encoding.Unicode.GetString(Encoding.Unicode.GetBytes(text))
        : text;

    private static bool IsKept(string text, int i)
    {
        var letter = text[i];
        if (char.IsLetterOrDigit(letter) || char.IsSurrogate(letter) || Signs.Contains(letter) || IsMark(letter))
            return true;
        var isBeforeDigit = i + 1 < text.Length && char.IsDigit(text[i + 1]);
        var before = i > 0 ? text[i - 1] : ' ';
        return isBeforeDigit && (letter is '-' or '−' ? !char.IsLetterOrDigit(before) : letter is '.' or ',' or ':' or '/'
            && char.IsDigit(before));
    }

    private static bool IsMark(char letter) => char.GetUnicodeCategory(letter)
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
