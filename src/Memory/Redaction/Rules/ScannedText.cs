namespace MemoryOrleans.Redaction.Rules;

/// <summary>A text as rules read it: nothing is before what was taken out last, nothing after the end, and every look is counted.</summary>
internal sealed class ScannedText(string text)
{
    /// <summary>Where the last match ended; what is before it is not seen any more.</summary>
    public int Floor { get; set; }

    public int Length => text.Length;

    /// <summary>Characters looked at.</summary>
    public long Reads { get; private set; }

    /// <summary>The character, NUL where there is none.</summary>
    public char this[int at]
    {
        get
        {
            Reads++;
            return at < Floor || at >= text.Length ? '\0' : text[at];
        }
    }

    public bool IsDigit(int at) => char.IsAsciiDigit(this[at]);

    /// <summary>What words are made of.</summary>
    public bool IsWord(int at) => IsOfWord(this[at]);

    /// <summary>
    /// A letter or digit of a script that writes blanks between words: Chinese, Japanese and Korean ones are no part of what stands beside
    /// them.
    /// </summary>
    public static bool IsOfWord(char c) => char.IsLetterOrDigit(c) && c is (< '\u2e80' or > '\ud7ff');

    public static bool IsLetter(char c) => IsOfWord(c) && char.IsLetter(c);

    /// <summary>True where a word may begin: no letter or digit is before.</summary>
    public bool IsEdge(int at) => !IsWord(at - 1);

    /// <summary>Whether a text stands there, in its own case.</summary>
    public bool Has(int at, string wanted)
    {
        for (var i = 0; i < wanted.Length; i++)
        {
            if (this[at + i] != wanted[i])
                return false;
        }

        return true;
    }

    /// <summary>Whether a text in lower case stands there in any case.</summary>
    public bool HasAnyCase(int at, string lower)
    {
        for (var i = 0; i < lower.Length; i++)
        {
            if (char.ToLowerInvariant(this[at + i]) != lower[i])
                return false;
        }

        return true;
    }

    /// <summary>What has been read already, as text.</summary>
    public string Cut(int start, int end) => text[start..end];

    /// <summary>The end of a run, of at most so many characters.</summary>
    public int EndOf(int at, Func<char, bool> belongs, int most = int.MaxValue)
    {
        var last = most > text.Length - at ? text.Length : at + most;
        while (at < last && belongs(this[at]))
            at++;
        return at;
    }

    /// <summary>Back to where the last letter or digit ends.</summary>
    public int Trim(int start, int end)
    {
        while (end > start && !IsWord(end - 1))
            end--;
        return end;
    }
}

/// <summary>Characters <paramref name="Start"/> up to, not including, <paramref name="End"/>; of no length: nothing.</summary>
internal readonly record struct TextSpan(int Start, int End)
{
    public int Length => End - Start;
}
