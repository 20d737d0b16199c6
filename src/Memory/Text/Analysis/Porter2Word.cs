namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// A word on its way through the steps of Porter2. A consonant y is kept as <c>Y</c> in between. R1 is the part after the
/// first consonant that follows a vowel, R2 the same part of R1; both are kept as where they begin.
/// </summary>
internal ref struct Porter2Word(Span<char> word)
{
    private Span<char> letters = word;
    private int r1;
    private int r2;

    public readonly Span<char> Letters => letters;

    /// <summary>Marks consonant y and finds R1 and R2.</summary>
    public void Prepare()
    {
        if (letters[0] == 'y')
            letters[0] = 'Y';
        for (var i = 1; i < letters.Length; i++)
        {
            if (letters[i] == 'y' && IsVowel(letters[i - 1]))
                letters[i] = 'Y';
        }

        r1 = LengthOfSpecialPrefix();
        if (r1 == 0)
            r1 = RegionAfter(0);
        r2 = RegionAfter(r1);
    }

    /// <summary>Step 1a.</summary>
    public void DropPlural()
    {
        var last = letters[^1];
        if (last is not ('s' or 'd'))
            return;
        if (EndsWith("sses"))
            Shorten(2);
        else if (EndsWith("ied") || EndsWith("ies"))
            Shorten(letters.Length > 4 ? 2 : 1);
        else if (last == 's' && letters[^2] is not ('s' or 'u') && HasVowelBefore(letters.Length - 2))
            Shorten(1);
    }

    /// <summary>Step 1b.</summary>
    public void DropPastOrProgressive()
    {
        var suffix = PastOrProgressiveSuffix();
        if (suffix.IsEmpty)
            return;
        var start = letters.Length - suffix.Length;
        if (suffix[1] == 'e')
        {
            if (start >= r1)
                letters = letters[..(start + 2)];
        }
        else if (HasVowelBefore(start))
        {
            RestoreEnding(letters[..start]);
        }
    }

    /// <summary>Step 1c: y after a consonant that is not the first letter becomes i.</summary>
    public readonly void TurnFinalY()
    {
        if (letters.Length > 2 && letters[^1] is 'y' or 'Y' && !IsVowel(letters[^2]))
            letters[^1] = 'i';
    }

    /// <summary>Step 2, in R1. The longest suffix that matches decides, whether or not it lies in R1.</summary>
    public void ShortenDoubleSuffix()
    {
        if (letters.Length < 3)
            return;
        _ = letters[^2] switch
        {
            'a' => InR1("ational", "ate") || InR1("tional", "tion"),
            'c' => InR1("enci", "ence") || InR1("anci", "ance"),
            'e' => InR1("izer", "ize"),
            'g' => EndsWith("logi") && InR1("ogi", "og"),
            'l' => ShortenLi(),
            'o' => InR1("ization", "ize") || InR1("ation", "ate") || InR1("ator", "ate"),
            's' => InR1("alism", "al") || InR1("fulness", "ful") || InR1("ousness", "ous") || InR1("iveness", "ive"),
            't' => InR1("aliti", "al") || InR1("iviti", "ive") || InR1("biliti", "ble"),
            _ => false,
        };
    }

    /// <summary>Step 3, in R1.</summary>
    public void ShortenAdjectiveSuffix()
    {
        if (letters.Length < 3)
            return;
        _ = letters[^2] switch
        {
            'a' => InR1("ational", "ate") || InR1("tional", "tion") || InR1("ical", "ic"),
            't' => InR1("icate", "ic") || InR1("iciti", "ic"),
            'z' => InR1("alize", "al"),
            'u' => InR1("ful", ""),
            's' => InR1("ness", ""),
            'v' => EndsWith("ative") && InR2("ative"),
            _ => false,
        };
    }

    /// <summary>Step 4, in R2.</summary>
    public void DropResidualSuffix()
    {
        if (letters.Length < 3)
            return;
        _ = letters[^2] switch
        {
            'a' => InR2("al"),
            'c' => InR2("ance") || InR2("ence"),
            'e' => InR2("er"),
            'i' => InR2("ic"),
            'l' => InR2("able") || InR2("ible"),
            'n' => InR2("ant") || InR2("ement") || InR2("ment") || InR2("ent"),
            'o' => (EndsWith("sion") || EndsWith("tion")) && InR2("ion"),
            's' => InR2("ism"),
            't' => InR2("ate") || InR2("iti"),
            'u' => InR2("ous"),
            'v' => InR2("ive"),
            'z' => InR2("ize"),
            _ => false,
        };
    }

    /// <summary>Step 5.</summary>
    public void DropFinalEOrL()
    {
        var start = letters.Length - 1;
        if (letters[^1] == 'e')
        {
            if (start >= r2 || (start >= r1 && !EndsInShortSyllable(letters[..start])))
                Shorten(1);
        }
        else if (start >= r2 && EndsWith("ll"))
        {
            Shorten(1);
        }
    }

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    private static bool EndsInShortSyllable(ReadOnlySpan<char> part) => part.Length switch
    {
        < 2 => false,
        2 => IsVowel(part[0]) && !IsVowel(part[1]),
        _ => !IsVowel(part[^1]) && part[^1] is not ('w' or 'x' or 'Y') && IsVowel(part[^2]) && !IsVowel(part[^3]),
    };

    private readonly int LengthOfSpecialPrefix()
    {
        if (letters.StartsWith("gener") || letters.StartsWith("arsen"))
            return 5;
        return letters.StartsWith("commun") ? 6 : 0;
    }

    private readonly int RegionAfter(int start)
    {
        var i = start;
        while (i < letters.Length && !IsVowel(letters[i]))
            i++;
        while (i < letters.Length && IsVowel(letters[i]))
            i++;
        return Math.Min(i + 1, letters.Length);
    }

    private readonly bool HasVowelBefore(int end)
    {
        foreach (var letter in letters[..end])
        {
            if (IsVowel(letter))
                return true;
        }

        return false;
    }

    private readonly ReadOnlySpan<char> PastOrProgressiveSuffix() => letters[^1] switch
    {
        'd' => EndsWith("eed") ? "eed" : EndsWith("ed") ? "ed" : default,
        'g' => EndsWith("ing") ? "ing" : default,
        'y' when EndsWith("ly") => EndsWith("eedly") ? "eedly" : EndsWith("edly") ? "edly" : EndsWith("ingly") ? "ingly" : default,
        _ => default,
    };

    /// <summary>What -ed and -ing took with them comes back: hop(p)ing, hop(e)ing. The room for an e is the suffix's.</summary>
    private void RestoreEnding(Span<char> rest)
    {
        var addsE = false;
        if (rest.EndsWith("at") || rest.EndsWith("bl") || rest.EndsWith("iz"))
            addsE = true;
        else if (rest.Length > 1 && rest[^1] == rest[^2] && rest[^1] is 'b' or 'd' or 'f' or 'g' or 'm' or 'n' or 'p' or 'r' or 't')
            rest = rest[..^1];
        else if (rest.Length == r1 && EndsInShortSyllable(rest))
            addsE = true;

        letters = letters[..(rest.Length + (addsE ? 1 : 0))];
        if (addsE)
            letters[^1] = 'e';
    }

    private bool ShortenLi()
    {
        if (letters[^1] != 'i')
            return false;
        return InR1("abli", "able") || InR1("entli", "ent") || InR1("alli", "al") || InR1("ousli", "ous")
            || InR1("fulli", "ful") || InR1("lessli", "less") || InR1("bli", "ble")
            || (letters[^3] is 'c' or 'd' or 'e' or 'g' or 'h' or 'k' or 'm' or 'n' or 'r' or 't' && InR1("li", ""));
    }

    private readonly bool EndsWith(string suffix) => letters.EndsWith(suffix);

    private void Shorten(int by) => letters = letters[..^by];

    /// <summary>True when the word ends so; then, and if the suffix lies in R1, it is replaced.</summary>
    private bool InR1(string suffix, string replacement)
    {
        if (!EndsWith(suffix))
            return false;
        var start = letters.Length - suffix.Length;
        if (start >= r1)
        {
            letters = letters[..(start + replacement.Length)];
            replacement.CopyTo(letters[start..]);
        }

        return true;
    }

    /// <summary>True when the word ends so; then, and if the suffix lies in R2, it is dropped.</summary>
    private bool InR2(string suffix)
    {
        if (!EndsWith(suffix))
            return false;
        if (letters.Length - suffix.Length >= r2)
            Shorten(suffix.Length);
        return true;
    }
}
