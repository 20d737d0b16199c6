using System.Globalization;

namespace MemoryOrleans.Text.Words;

/// <summary>
/// Reads the notation of patterns, a part of that of .NET's regular expressions: letters, <c>.</c>, <c>[…]</c>, <c>\w \W \s
/// \S \p{L}</c>, <c>\b ^ $</c>, <c>( | )</c>, <c>(?&lt;name&gt; )</c>, <c>(?i: )</c>, <c>(?-i: )</c>, <c>(?m: )</c>,
/// <c>? * + {m,n}</c> and the same with <c>?</c> for as few as possible. Anything else is a <see cref="FormatException"/>.
/// </summary>
internal sealed class PatternNotation
{
    private const int RepeatsMax = 100;

    private readonly Dictionary<(char Letter, bool AnyCase), PatternNode.Letter> letters = [];
    private readonly string text;
    private int position;
    private bool anyCase;
    private bool isByLine;

    private PatternNotation(string text, bool anyCase) => (this.text, this.anyCase) = (text, anyCase);

    private bool IsAtEnd => position == text.Length;

    public static PatternNode Read(string text, bool anyCase)
    {
        var notation = new PatternNotation(text, anyCase);
        var pattern = notation.ReadChoice();
        return notation.IsAtEnd ? pattern : throw notation.Wrong("a bracket closes nothing");
    }

    private PatternNode ReadChoice()
    {
        var options = new List<PatternNode> { ReadSequence() };
        while (TryTake("|"))
            options.Add(ReadSequence());
        return options.Count == 1 ? options[0] : new PatternNode.Choice(options);
    }

    private PatternNode ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (!IsAtEnd && text[position] is not ('|' or ')'))
            parts.Add(ReadRepeated(ReadOne()));
        return parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts);
    }

    private PatternNode ReadRepeated(PatternNode body)
    {
        if (IsAtEnd || text[position] is not ('?' or '*' or '+' or '{'))
            return body;
        var (min, max) = Take() switch
        {
            '?' => (0, 1),
            '*' => (0, (int?)null),
            '+' => (1, null),
            _ => ReadCounts(),
        };
        if (max is null && body.First().CanBeEmpty)
            throw Wrong("what may be empty is repeated without end");
        return new PatternNode.Repeat(body, min, max, TryTake("?"));
    }

    private (int Min, int? Max) ReadCounts()
    {
        var counts = TakeUntil('}').Split(',');
        var min = NumberOf(counts[0]);
        int? max = counts.Length == 1 ? min : counts[1].Length == 0 ? null : NumberOf(counts[1]);
        return min <= RepeatsMax && (max ?? 0) <= RepeatsMax ? (min, max) : throw Wrong("too many repeats");
    }

    private int NumberOf(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number : throw Wrong($"{digits} is no number");

    private PatternNode ReadOne()
    {
        var letter = Take();
        return letter switch
        {
            '(' => ReadGroup(),
            '[' => ReadSet(),
            '\\' => ReadEscape(),
            '.' => new PatternNode.Letter(LetterSet.Of(static set => set.Add('\n', '\n', anyCase: false), isComplement: true)),
            '^' => new PatternNode.Place(isByLine ? StepKind.LineBegin : StepKind.Begin),
            '$' => new PatternNode.Place(StepKind.End),
            '?' or '*' or '+' or '{' => throw Wrong("nothing is repeated"),
            _ => Only(letter),
        };
    }

    private PatternNode ReadGroup()
    {
        var (outerCase, outerLine, name) = (anyCase, isByLine, (string?)null);
        if (TryTake("?i:"))
            anyCase = true;
        else if (TryTake("?-i:"))
            anyCase = false;
        else if (TryTake("?m:"))
            isByLine = true;
        else if (TryTake("?<"))
            name = TakeUntil('>');
        var body = ReadChoice();
        (anyCase, isByLine) = (outerCase, outerLine);
        if (!TryTake(")"))
            throw Wrong("a bracket is not closed");
        return name is null ? body : new PatternNode.Group(body, name);
    }

    private PatternNode ReadEscape()
    {
        var letter = Take();
        return letter switch
        {
            'b' => new PatternNode.Place(StepKind.Boundary),
            'w' or 's' => new PatternNode.Letter(LetterSet.Of(set => set.Add(letter, anyCase))),
            'W' or 'S' => new PatternNode.Letter(LetterSet.Of(set => set.Add(char.ToLowerInvariant(letter), anyCase), isComplement: true)),
            'p' => new PatternNode.Letter(LetterSet.Of(set => set.Add(ReadClassName(), anyCase))),
            _ when char.IsAsciiLetterOrDigit(letter) => throw Wrong($"\\{letter} is not known"),
            _ => Only(letter),
        };
    }

    private PatternNode.Letter Only(char letter)
    {
        if (!letters.TryGetValue((letter, anyCase), out var only))
            letters[(letter, anyCase)] = only = new(LetterSet.Of(set => set.Add(letter, letter, anyCase)));
        return only;
    }

    private PatternNode.Letter ReadSet()
    {
        var isComplement = TryTake("^");
        return new(LetterSet.Of(ReadMembers, isComplement));
    }

    private void ReadMembers(LetterSet set)
    {
        if (TryTake("]"))
            throw Wrong("a set has no letters");
        while (!TryTake("]"))
        {
            var first = Take();
            var isEscape = first == '\\';
            first = isEscape ? Take() : first;
            if (isEscape && first == 'p')
                set.Add(ReadClassName(), anyCase);
            else if (isEscape && first is 'w' or 's')
                set.Add(first, anyCase);
            else if (isEscape && char.IsAsciiLetterOrDigit(first))
                throw Wrong($"\\{first} is not known in a set");
            else
                set.Add(first, TryTakeRange() ?? first, anyCase);
        }
    }

    /// <summary>The last letter of a range, when a hyphen follows that is not the set's last member.</summary>
    private char? TryTakeRange()
    {
        if (position + 1 >= text.Length || text[position] != '-' || text[position + 1] == ']')
            return null;
        position++;
        return Take();
    }

    private string ReadClassName() => TryTake("{") ? TakeUntil('}') : throw Wrong("a class has no name");

    private char Take() => IsAtEnd ? throw Wrong("it ends too early") : text[position++];

    private bool TryTake(string expected)
    {
        if (!text.AsSpan(position).StartsWith(expected, StringComparison.Ordinal))
            return false;
        position += expected.Length;
        return true;
    }

    private string TakeUntil(char end)
    {
        var length = text.AsSpan(position).IndexOf(end);
        if (length < 0)
            throw Wrong($"{end} is missing");
        var taken = text.Substring(position, length);
        position += length + 1;
        return taken;
    }

    private FormatException Wrong(string what) => new($"Pattern {text}, at {position}: {what}.");
}
