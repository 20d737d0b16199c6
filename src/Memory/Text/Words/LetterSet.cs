using System.Globalization;

namespace MemoryOrleans.Text.Words;

/// <summary>A set of UTF-16 letters: bits for ASCII; ranges and Unicode categories for all others.</summary>
internal sealed class LetterSet
{
    private const int Cased = (1 << (int)UnicodeCategory.UppercaseLetter) | (1 << (int)UnicodeCategory.LowercaseLetter)
        | (1 << (int)UnicodeCategory.TitlecaseLetter);

    private const int Spaces = (1 << (int)UnicodeCategory.SpaceSeparator) | (1 << (int)UnicodeCategory.LineSeparator)
        | (1 << (int)UnicodeCategory.ParagraphSeparator);

    private const int Letters = Cased | (1 << (int)UnicodeCategory.ModifierLetter) | (1 << (int)UnicodeCategory.OtherLetter);
    private const int Numbers = (1 << (int)UnicodeCategory.DecimalDigitNumber) | (1 << (int)UnicodeCategory.LetterNumber)
        | (1 << (int)UnicodeCategory.OtherNumber);

    private const int Marks = (1 << (int)UnicodeCategory.NonSpacingMark) | (1 << (int)UnicodeCategory.EnclosingMark)
        | (1 << (int)UnicodeCategory.SpacingCombiningMark);

    private const int WordLetters = Letters | (1 << (int)UnicodeCategory.NonSpacingMark) | (1 << (int)UnicodeCategory.DecimalDigitNumber)
        | (1 << (int)UnicodeCategory.ConnectorPunctuation);

    private readonly List<(char First, char Last)> ranges = [];
    private readonly bool isComplement;
    private int categories;

    private LetterSet(bool isComplement) => this.isComplement = isComplement;

    /// <summary>What <c>\w</c> stands for: letters, marks without a width, decimal digits, connectors.</summary>
    public static LetterSet OfWords { get; } = Of(static set => set.Add('w', anyCase: false));

    /// <summary>Those of its letters that are ASCII.</summary>
    public AsciiSet Ascii { get; private set; }

    /// <summary>Whether some of its letters may be beyond ASCII.</summary>
    public bool HasOthers => isComplement || categories != 0 || ranges.Exists(static range => range.Last >= AsciiSet.End);

    /// <summary>Its letters when they are no more than two, a single one twice; else null.</summary>
    public (char One, char Two)? Pair
    {
        get
        {
            var isPair = !isComplement && categories == 0 && ranges.Count is 1 or 2;
            return isPair && ranges.TrueForAll(static range => range.First == range.Last) ? (ranges[0].First, ranges[^1].First) : null;
        }
    }

    /// <summary>The set of letters that <paramref name="fill"/> names, or of all others.</summary>
    public static LetterSet Of(Action<LetterSet> fill, bool isComplement = false)
    {
        var set = new LetterSet(isComplement);
        fill(set);
        if (isComplement)
            set.Ascii = set.Ascii.Complement;

        return set;
    }

    public bool Contains(char letter) => letter < AsciiSet.End ? Ascii.Contains(letter) : Names(letter) != isComplement;

    /// <summary>Adds letters, with what they are in the other case when <paramref name="anyCase"/>.</summary>
    public void Add(char first, char last, bool anyCase)
    {
        AddRange(first, last);
        for (var letter = first; anyCase && letter <= last; letter++)
            AddOtherCases(letter);
    }

    /// <summary>Adds a class by the letter of its name: <c>w</c> and <c>s</c> as after a backslash.</summary>
    public void Add(char name, bool anyCase) => Add(name.ToString(), anyCase);

    /// <summary>Adds a class by its name: <c>w</c>, <c>s</c>, <c>L</c>, <c>Lu</c>, <c>M</c>, <c>N</c>.</summary>
    public void Add(string name, bool anyCase)
    {
        var added = name switch
        {
            "w" => WordLetters,
            "s" => Spaces,
            "L" => Letters,
            "Lu" => 1 << (int)UnicodeCategory.UppercaseLetter,
            "M" => Marks,
            "N" => Numbers,
            _ => throw new FormatException($"No class of letters is called {name}."),
        };
        categories |= anyCase && (added & Cased) != 0 ? added | Cased : added;
        for (var letter = '\0'; letter < AsciiSet.End; letter++)
            Ascii = IsOfCategories(letter) ? Ascii.With(letter) : Ascii;
        if (name != "s")
            return;
        AddRange('\t', '\r');
        AddRange('\u0085', '\u0085');
    }

    private void AddRange(char first, char last)
    {
        ranges.Add((first, last));
        for (var letter = first; letter <= last && letter < AsciiSet.End; letter++)
            Ascii = Ascii.With(letter);
    }

    /// <summary>Adds the same letter in the other case, without regard to a culture; the sign for kelvin is a k.</summary>
    private void AddOtherCases(char letter)
    {
        const char Kelvin = '\u212a';
        var (lower, upper) = (char.ToLowerInvariant(letter), char.ToUpperInvariant(letter));
        if (lower != letter)
            AddRange(lower, lower);
        if (upper != letter)
            AddRange(upper, upper);
        if (lower == 'k')
            AddRange(Kelvin, Kelvin);
    }

    private bool IsOfCategories(char letter) => (categories >> (int)char.GetUnicodeCategory(letter) & 1) != 0;

    private bool Names(char letter)
    {
        if (IsOfCategories(letter))
            return true;
        foreach (var (first, last) in ranges)
        {
            if (letter >= first && letter <= last)
                return true;
        }

        return false;
    }
}
