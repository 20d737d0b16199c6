using System.Text;

namespace MemoryOrleans.Text;

/// <summary>
/// The one, deterministic estimator of tokens, for budgets and windows. It errs on the high side for English:
/// a run of letters and digits costs one token for every four characters begun (two outside Latin script),
/// an ideograph, kana or Hangul syllable costs one, any other visible character one, white space nothing.
/// </summary>
public static class TokenEstimate
{
    /// <summary>Estimated tokens of <paramref name="text"/>; 0 for blank text.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        var latin = 0;
        var other = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var word = Rune.IsLetterOrDigit(rune);
            if (word && IsSyllabic(rune.Value))
            {
                tokens += 1 + Flush(ref latin, ref other);
            }
            else if (word)
            {
                if (rune.Value < 0x250)
                    latin++;
                else
                    other++;
            }
            else
            {
                tokens += Flush(ref latin, ref other) + (Rune.IsWhiteSpace(rune) ? 0 : 1);
            }
        }

        return tokens + Flush(ref latin, ref other);
    }

    private static int Flush(ref int latin, ref int other)
    {
        var tokens = ((latin + 3) / 4) + ((other + 1) / 2);
        latin = other = 0;
        return tokens;
    }

    private static bool IsSyllabic(int codePoint) =>
        codePoint is (>= 0x2E80 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
