namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// Cuts texts of any language into tokens for search, folded by case, accents and compatibility forms.
/// <list type="bullet">
/// <item>Runs of letters, marks and digits are words. In ASCII that is <c>[a-z0-9]+(?:['’][a-z]+)?</c> on the lower-case
/// text, less the suffix; where an elided article comes before the apostrophe (l'école, dell'arte, O'Brien), the token is
/// what follows it instead.</item>
/// <item>Han, kana, Thai, Lao, Khmer and Myanmar write no blanks between words, and Hangul grows particles onto its words,
/// so that 학교에서 and 학교를 share no word but the bigram 학교: these yield overlapping bigrams, and a run of one letter
/// itself. Every ideograph is a token of its own besides, so that 猫 finds 我的猫.</item>
/// </list>
/// One thread at a time; the tokens of a text are good until the next text, and may be overwritten in place.
/// </summary>
public sealed class Tokenizer
{
    private readonly FoldText folding = new();

    /// <summary>The tokens of a text, to be read with <c>foreach</c>. Any UTF-16 will do, lone surrogates included.</summary>
    public Tokens Tokenize(ReadOnlySpan<char> text) => new(folding.Fold(text));
}

/// <summary>The tokens of a folded text, in its order.</summary>
public ref struct Tokens
{
    private readonly Span<char> text;
    private int position;
    private int coveredTo;
    private Range ideograph;

    internal Tokens(Span<char> folded)
    {
        text = folded;
    }

    /// <summary>The token: lower-case letters and digits, in a buffer that may be changed.</summary>
    public Span<char> Current { get; private set; }

    public readonly Tokens GetEnumerator() => this;

    public bool MoveNext()
    {
        if (!ideograph.Equals(default))
        {
            Current = text[ideograph];
            ideograph = default;
            return true;
        }

        while (position < text.Length)
        {
            var letter = text[position];
            if (!IsPartOfWord(letter))
                position++;
            else if (letter < 0x80 || Scripts.StyleOf(letter) == WordStyle.Spaced ? TakeWord() : TakeBigram(Scripts.StyleOf(letter)))
                return true;
        }

        return false;
    }

    private static bool IsPartOfWord(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter >= 0x80;

    /// <summary>Takes the word at the position; false when it was but an elided article.</summary>
    private bool TakeWord()
    {
        var start = position;
        while (position < text.Length && IsPartOfSpacedWord(text[position]))
            position++;
        Current = text[start..position];
        if (position == text.Length || text[position] != FoldingTable.Apostrophe)
            return true;

        var suffix = position + 1;
        var end = suffix;
        while (end < text.Length && char.IsAsciiLetterLower(text[end]))
            end++;
        if (end == suffix)
            return true;
        var isArticle = Elisions.IsArticle(Current, end - suffix);
        position = isArticle ? suffix : end;
        return !isArticle;
    }

    private static bool IsPartOfSpacedWord(char letter) =>
        letter < 0x80 ? IsPartOfWord(letter) : Scripts.StyleOf(letter) == WordStyle.Spaced;

    /// <summary>
    /// Takes the letter at the position and the next; false when the bigram before has covered a run's last letter and it is no ideograph.
    /// </summary>
    private bool TakeBigram(WordStyle style)
    {
        var start = position;
        position = EndOfLetter(start, style);
        var isHan = Scripts.IsHan(text[start]);
        if (position < text.Length && text[position] >= 0x80 && Scripts.StyleOf(text[position]) == style)
        {
            coveredTo = EndOfLetter(position, style);
            ideograph = isHan ? start..position : default;
        }
        else if (coveredTo == position && !isHan)
        {
            return false;
        }
        else
        {
            coveredTo = position;
        }

        Current = text[start..coveredTo];
        return true;
    }

    private readonly int EndOfLetter(int start, WordStyle style)
    {
        var end = start + 1;
        if (style == WordStyle.HanKana)
            return end + (Scripts.StartsHanPair(text[start]) && end < text.Length ? 1 : 0);
        while (style == WordStyle.SoutheastAsian && end < text.Length && Scripts.StyleOf(text[end]) == style && Scripts.IsMark(text[end]))
            end++;
        return end;
    }
}

/// <summary>Articles and the like that lose their vowel to an apostrophe.</summary>
internal static class Elisions
{
    private const int ShortestRest = 2;

    /// <summary>Whether the part before an apostrophe is one, given how many letters follow.</summary>
    public static bool IsArticle(ReadOnlySpan<char> part, int rest) => rest >= ShortestRest && part
        is "l" or "d" or "j" or "m" or "t" or "s" or "n" or "c" or "qu" or "jusqu" or "lorsqu" or "puisqu" or "quoiqu"
        or "un" or "dell" or "all" or "nell" or "dall" or "sull" or "coll" or "quell" or "quest"
        or "o";
}
