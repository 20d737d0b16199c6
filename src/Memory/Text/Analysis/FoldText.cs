using System.Buffers;
using System.Text;
using static MemoryOrleans.Text.Analysis.FoldingTable;

namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// Folds texts for search into a buffer of its own: every character is then a lower-case letter or digit of a word, an
/// apostrophe, or one that separates words. One thread at a time; the result is good until the next call.
/// </summary>
internal sealed class FoldText
{
    /// <summary>Characters one source character may become at most; a test holds the table to it.</summary>
    public const int ExpansionMax = 16;

    private char[] buffer = new char[512];
    private int length;

    public Span<char> Fold(ReadOnlySpan<char> text)
    {
        EnsureRoom(text.Length);
        if (Ascii.ToLower(text, buffer, out length) != OperationStatus.Done)
            FoldFrom(text[length..]);
        return buffer.AsSpan(0, length);
    }

    /// <summary>The same without the short way for ASCII.</summary>
    internal Span<char> FoldAtLength(ReadOnlySpan<char> text)
    {
        length = 0;
        FoldFrom(text);
        return buffer.AsSpan(0, length);
    }

    private void FoldFrom(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            EnsureRoom(length + ExpansionMax);
            var letter = text[i];
            if (letter < 0x80)
                buffer[length++] = char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter;
            else if (FoldingTable.Fold(letter) is not Surrogate and var folded)
                Append(letter, folded);
            else if (i + 1 < text.Length && Rune.TryCreate(letter, text[i + 1], out var rune))
                i += Append(rune);
            else
                buffer[length++] = Separator;
        }
    }

    private void Append(char letter, char folded)
    {
        switch (folded)
        {
            case Dropped:
                break;
            case Expanded:
                Append(Expand(letter));
                break;
            case Joining:
                if (length > 0 && TryJoin(buffer[length - 1], letter, out var joined))
                    buffer[length - 1] = joined;
                break;
            case NonJoiner:
                // Between Arabic letters it stands where other writers put a blank; elsewhere it only guides rendering.
                if (length > 0 && Scripts.IsArabic(buffer[length - 1]))
                    buffer[length++] = Separator;
                break;
            default:
                AppendLetter(folded);
                break;
        }
    }

    private int Append(Rune rune)
    {
        if (FoldingTable.Fold(rune) is { } folded)
            Append(folded);
        else
            buffer[length++] = Separator;
        return 1;
    }

    private void Append(string letters)
    {
        foreach (var letter in letters)
            AppendLetter(letter);
    }

    private void AppendLetter(char letter)
    {
        if (letter >= 0x80 && length > 0)
        {
            if (buffer[length - 1] is Apostrophe or DoubleQuote)
                DropQuoteInsideWord(letter);
            else if (Jamo.TryCompose(buffer[length - 1], letter, out var syllable))
                (letter, length) = (syllable, length - 1);
        }

        buffer[length++] = letter;
    }

    /// <summary>In п'ять or צה"ל the quote is part of the word's spelling, and often left out.</summary>
    private void DropQuoteInsideWord(char letter)
    {
        if (length < 2 || buffer[length - 2] < 0x80)
            return;
        var before = buffer[length - 2];
        var inHebrew = Scripts.IsHebrew(before) && Scripts.IsHebrew(letter);
        if (inHebrew || (buffer[length - 1] == Apostrophe && IsSpacedLetter(before) && IsSpacedLetter(letter)))
            length--;
    }

    private static bool IsSpacedLetter(char letter) => letter >= 0x80 && Scripts.StyleOf(letter) == WordStyle.Spaced;

    private void EnsureRoom(int needed)
    {
        if (needed > buffer.Length)
            Array.Resize(ref buffer, Math.Max(needed, buffer.Length * 2));
    }
}

/// <summary>Hangul syllables from their parts, by the arithmetic of The Unicode Standard, section 3.12.</summary>
internal static class Jamo
{
    private const int SyllableFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailNone = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    public static bool TryCompose(char before, char letter, out char syllable)
    {
        syllable = default;
        if (letter is < (char)VowelFirst or >= (char)(TailNone + Tails))
            return false;
        var (lead, vowel, tail) = (before - LeadFirst, letter - VowelFirst, letter - TailNone);
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            syllable = (char)(SyllableFirst + (((lead * Vowels) + vowel) * Tails));
        else if (tail is > 0 and < Tails && before - SyllableFirst is >= 0 and < Leads * Vowels * Tails and var open && open % Tails == 0)
            syllable = (char)(before + tail);
        return syllable != default;
    }
}
