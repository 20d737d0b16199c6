using System.Globalization;

namespace MemoryOrleans.Text.Analysis;

/// <summary>How a script sets its words apart, which decides how it is cut into tokens.</summary>
internal enum WordStyle
{
    /// <summary>Words stand between blanks: Latin, Cyrillic, Arabic, Devanagari, and all that is not named below.</summary>
    Spaced,

    /// <summary>Han, Hiragana, Katakana, Bopomofo: no blanks.</summary>
    HanKana,

    /// <summary>Thai, Lao, Khmer, Myanmar: blanks only between phrases; vowels and tones are marks on a consonant.</summary>
    SoutheastAsian,

    /// <summary>Blanks between words, but particles grown onto them.</summary>
    Hangul,
}

/// <summary>The few facts about scripts that tokens and chunks depend on, by UTF-16 code unit.</summary>
internal static class Scripts
{
    /// <summary>The style of a letter, mark or digit. Both halves of a pair outside the plane of Han are spaced.</summary>
    public static WordStyle StyleOf(char letter)
    {
        if (letter < '\u0E00')
            return WordStyle.Spaced;
        if (letter < '\u2E80')
            return StyleBelowHan(letter);
        return letter switch
        {
            <= '\u2FDF' => WordStyle.HanKana,
            >= '\u3005' and <= '\u3007' or >= '\u3021' and <= '\u3029' or >= '\u3031' and <= '\u303C' => WordStyle.HanKana,
            >= '\u3041' and <= '\u312F' or >= '\u31A0' and <= '\u31FF' or >= '\u3400' and <= '\u9FFF' => WordStyle.HanKana,
            >= '\u3131' and <= '\u318E' or >= '\uAC00' and <= '\uD7FB' or >= '\uA960' and <= '\uA97C' => WordStyle.Hangul,
            >= '\uA9E0' and <= '\uA9FF' or >= '\uAA60' and <= '\uAA7F' => WordStyle.SoutheastAsian,
            >= '\uF900' and <= '\uFAFF' or >= '\uFF66' and <= '\uFF9F' => WordStyle.HanKana,
            >= '\uFFA0' and <= '\uFFDC' => WordStyle.Hangul,
            _ => StartsHanPair(letter) ? WordStyle.HanKana : WordStyle.Spaced,
        };
    }

    /// <summary>First half of a character of planes 2 and 3, which hold nothing but Han.</summary>
    public static bool StartsHanPair(char letter) => letter is >= '\uD840' and <= '\uD8BF';

    /// <summary>An ideograph, which is a word by itself more often than a kana is.</summary>
    public static bool IsHan(char letter) =>
        letter is >= '\u3400' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' || StartsHanPair(letter);

    /// <summary>A vowel sign, tone or the like, which belongs to the letter before it.</summary>
    public static bool IsMark(char letter) =>
        CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    public static bool IsArabic(char letter) => letter is >= '\u0600' and <= '\u08FF';

    public static bool IsHebrew(char letter) => letter is >= '\u0590' and <= '\u05FF';

    private static WordStyle StyleBelowHan(char letter) => letter switch
    {
        <= '\u0EFF' => WordStyle.SoutheastAsian,
        >= '\u1000' and <= '\u109F' or >= '\u1780' and <= '\u17FF' => WordStyle.SoutheastAsian,
        >= '\u1100' and <= '\u11FF' => WordStyle.Hangul,
        _ => WordStyle.Spaced,
    };
}
