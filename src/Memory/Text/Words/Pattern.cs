using System.Text;

namespace MemoryOrleans.Text.Words;

/// <summary>
/// Words and phrases to be found in texts, written as expressions are (<see cref="PatternNotation"/> says which part of the
/// notation) and found where an expression would find them. It costs a few kilobytes and microseconds to make, where a
/// non-backtracking expression builds megabytes of tables on its first texts, and no text makes it take more than time
/// linear in the text's length. Shared by all threads.
/// </summary>
internal sealed class Pattern
{
    private static readonly AsciiSet AsciiOfWord = LetterSet.OfWords.Ascii;

    private readonly string[] names;

    private Pattern(string notation, bool anyCase)
    {
        (Notation, IsAnyCase) = (notation, anyCase);
        var node = PatternNotation.Read(notation, anyCase);
        First = node.First();
        IsAtBegin = node.BeginsAt(StepKind.Begin) == true;
        IsAtBoundary = node.BeginsAt(StepKind.Boundary) == true;
        var steps = new PatternSteps(node);
        (Entry, Joints, Steps, Sets, Switches, names) = (steps.Entry, steps.Joints, steps.Steps, steps.Sets, steps.Switches, steps.Names);
    }

    /// <summary>What it was made of.</summary>
    public string Notation { get; }

    /// <summary>Whether upper and lower case are alike.</summary>
    public bool IsAnyCase { get; }

    /// <summary>What a match may begin with.</summary>
    internal FirstLetters First { get; }

    /// <summary>Whether it is only found where the text begins.</summary>
    internal bool IsAtBegin { get; }

    /// <summary>Whether it only begins where a word begins or ends.</summary>
    internal bool IsAtBoundary { get; }

    internal int Entry { get; }
    internal int Joints { get; }
    internal PatternStep[] Steps { get; }
    internal LetterSet[] Sets { get; }
    internal short[][] Switches { get; }

    /// <summary>A pattern for which upper and lower case are alike. FormatException for what the notation does not know.</summary>
    public static Pattern AnyCase(string notation) => new(notation, anyCase: true);

    /// <summary>A pattern for which case matters. FormatException for what the notation does not know.</summary>
    public static Pattern Exact(string notation) => new(notation, anyCase: false);

    public bool IsMatch(ReadOnlySpan<char> text) => TryFind(text, 0, [], out _, out _);

    /// <summary>The first match that begins at a place or after it; <c>IsFound</c> is false when there is none.</summary>
    public PatternMatch Find(string text, int from = 0) => Find(text, begin: 0, from);

    /// <summary>
    /// The first match in what begins at a place of a text, as if nothing stood before; its places are those of the whole text.
    /// </summary>
    public PatternMatch FindInRest(string text, int begin) => Find(text, begin, from: 0);

    /// <summary>All matches, each after the one before.</summary>
    public IEnumerable<PatternMatch> All(string text)
    {
        for (var match = Find(text); match.IsFound; match = Find(text, Math.Max(match.End, match.Start + 1)))
            yield return match;
    }

    /// <summary>The text without what is found in it.</summary>
    public string RemoveFrom(string text)
    {
        var match = Find(text);
        if (!match.IsFound)
            return text;
        var (kept, position) = (new StringBuilder(text.Length), 0);
        for (; match.IsFound; match = Find(text, Math.Max(match.End, match.Start + 1)))
        {
            kept.Append(text, position, match.Start - position);
            position = match.End;
        }

        return kept.Append(text, position, text.Length - position).ToString();
    }

    /// <summary>Whether a letter is part of a word: what joins letters without being seen is, too.</summary>
    internal static bool IsOfWord(char letter) =>
        letter < AsciiSet.End ? AsciiOfWord.Contains(letter) : letter is '\u200c' or '\u200d' || LetterSet.OfWords.Contains(letter);

    /// <summary>Whether a place is surely inside a word, as far as ASCII goes.</summary>
    internal static bool IsInsideWord(ReadOnlySpan<char> text, int start) => start > 0 && start < text.Length
        && char.IsAsciiLetterOrDigit(text[start]) && char.IsAsciiLetterOrDigit(text[start - 1]);

    private PatternMatch Find(string text, int begin, int from)
    {
        const int Nowhere = int.MinValue;
        Span<int> marks = stackalloc int[2 * names.Length];
        marks.Fill(Nowhere);
        if (!TryFind(text.AsSpan(begin), from, marks, out var start, out var end))
            return default;
        foreach (ref var mark in marks)
            mark = mark == Nowhere ? -1 : mark + begin;
        return new PatternMatch(text, start + begin, end + begin, names, names.Length == 0 ? [] : marks.ToArray());
    }

    private bool TryFind(ReadOnlySpan<char> text, int from, Span<int> marks, out int start, out int end)
    {
        using var search = new PatternSearch(this, text, marks, PatternSearch.FreeStepsOf(text));
        var last = Math.Min(IsAtBegin ? 0 : text.Length, First.CanBeEmpty ? text.Length : text.Length - 1);
        var (letters, hasOthers, anywhere) = (First.Ascii, First.HasOthers, First.CanBeEmpty);
        for (start = from; start <= last; start++)
        {
            var letter = anywhere ? '\0' : text[start];
            if (!anywhere && (!(letter < AsciiSet.End ? letters.Contains(letter) : hasOthers)
                || (IsAtBoundary && IsInsideWord(text, start))))
                continue;
            end = search.EndFrom(start);
            if (end >= 0)
                return true;
        }

        end = -1;
        return false;
    }

}
