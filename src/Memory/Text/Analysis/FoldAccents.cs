using System.Globalization;
using System.Text;

namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// Takes accents off letters ("café", "naïve", "Łódź") and nothing else: case, blanks and punctuation stay. For models whose
/// vocabularies hold words without them; the runtime decomposes nothing under invariant globalization.
/// </summary>
public static class FoldAccents
{
    /// <summary>
    /// The text itself where there is nothing to fold. Lone surrogates become U+FFFD, and letters folded lose their case.
    /// </summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii || !rune.IsBmp)
                folded.Append(rune);
            else
                Append(folded, (char)rune.Value);
        }

        return folded.ToString();
    }

    private static void Append(StringBuilder folded, char letter)
    {
        // No letter and no mark: nor may it pass for one of the table's signs, U+FFFD to U+FFFF, which a text may hold.
        if (!char.IsLetter(letter) && !IsMark(letter))
        {
            folded.Append(letter);
            return;
        }

        var target = FoldingTable.Fold(letter);
        if (target == FoldingTable.Expanded)
            folded.Append(FoldingTable.Expand(letter));
        else if (char.IsAsciiLetter(target))
            folded.Append(target);
        else if (!IsMark(letter) || target is not (FoldingTable.Dropped or FoldingTable.Joining))
            folded.Append(letter);
    }

    private static bool IsMark(char letter) => char.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark;
}
