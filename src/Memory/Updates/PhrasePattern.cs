using System.Collections.Frozen;

namespace MemoryOrleans.Updates;

/// <summary>Where a phrase was found: tokens [start, end), and those that it took as a value, empty where it takes none.</summary>
internal readonly record struct PhraseMatch(int Start, int End, int TakenStart, int TakenEnd);

/// <summary>
/// A phrase over tokens, as the word files write them: <c>a*</c> begins so, <c>*a</c> ends so, <c>a/b</c> either, <c>?a</c> may be
/// there, <c>~3</c> up to three tokens, <c>!a</c> not followed by, <c>&lt;4&gt;</c> up to four tokens taken, <c>^</c> the
/// beginning, <c>$</c> an end: of the sentence or of a phrase. Bounded: a phrase looks at a few dozen tokens at most.
/// </summary>
internal sealed class PhrasePattern
{
    private static readonly FrozenSet<string> Ends =
        ("and to with for because last this after anymore any as on in when but , ; . ! ? - : ( ) jetzt nun und et pour par y por para "
        + "e e' since at recently yesterday instead over off").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private readonly Part[] parts;

    private PhrasePattern(Part[] parts) => this.parts = parts;

    private enum PartKind
    {
        Words,
        Maybe,
        Gap,
        Not,
        Taken,
        Beginning,
        End,
    }

    /// <summary>The words it may begin with; null when it can begin with others.</summary>
    public IReadOnlyCollection<string>? FirstWords
    {
        get
        {
            var first = Array.Find(parts, static part => part.Kind != PartKind.Beginning);
            return first.Kind == PartKind.Words && first.Prefixes.Length == 0 && first.Suffixes.Length == 0 && !first.IsClass
                ? first.Exact : null;
        }
    }

    public static PhrasePattern Parse(string text) =>
        new([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParsePart)]);

    public PhraseMatch? MatchAt(IReadOnlyList<SentenceToken> tokens, int at)
    {
        var taken = (Start: 0, End: 0);
        var end = Match(tokens, at, 0, ref taken);
        return end < 0 ? null : new PhraseMatch(at, end, taken.Start, taken.End);
    }

    private int Match(IReadOnlyList<SentenceToken> tokens, int at, int number, ref (int Start, int End) taken)
    {
        if (number == parts.Length)
            return at;
        var part = parts[number];
        switch (part.Kind)
        {
            case PartKind.Beginning:
                return at == 0 ? Match(tokens, at, number + 1, ref taken) : -1;
            case PartKind.End:
                return IsEnd(tokens, at) ? Match(tokens, at, number + 1, ref taken) : -1;
            case PartKind.Not:
                return at < tokens.Count && part.Fits(tokens[at]) ? -1 : Match(tokens, at, number + 1, ref taken);
            case PartKind.Maybe:
                var with = at < tokens.Count && part.Fits(tokens[at]) ? Match(tokens, at + 1, number + 1, ref taken) : -1;
                return with >= 0 ? with : Match(tokens, at, number + 1, ref taken);
            case PartKind.Words:
                return at < tokens.Count && part.Fits(tokens[at]) ? Match(tokens, at + 1, number + 1, ref taken) : -1;
            default:
                return Skip(tokens, at, number, ref taken);
        }
    }

    private int Skip(IReadOnlyList<SentenceToken> tokens, int at, int number, ref (int Start, int End) taken)
    {
        var part = parts[number];
        for (var skipped = part.Kind == PartKind.Taken ? 1 : 0; skipped <= part.Most && at + skipped <= tokens.Count; skipped++)
        {
            if (skipped > 0 && !tokens[at + skipped - 1].IsWord
                && (part.Kind == PartKind.Taken || tokens[at + skipped - 1].Folded is ";" or "." or "!" or "?"))
                return -1;
            var isFull = part.Kind == PartKind.Taken && skipped == part.Most && number + 2 == parts.Length
                && parts[number + 1].Kind == PartKind.End;
            var end = isFull ? at + skipped : Match(tokens, at + skipped, number + 1, ref taken);
            if (end < 0)
                continue;
            if (part.Kind == PartKind.Taken)
                taken = (at, at + skipped);
            return end;
        }

        return -1;
    }

    private static bool IsEnd(IReadOnlyList<SentenceToken> tokens, int at) => at >= tokens.Count || Ends.Contains(tokens[at].Folded);

    private static Part ParsePart(string text) => text switch
    {
        "^" => new Part { Kind = PartKind.Beginning },
        "$" => new Part { Kind = PartKind.End },
        _ => text[0] switch
        {
            '~' => new Part { Kind = PartKind.Gap, Most = int.Parse(text.AsSpan(1), provider: null) },
            '<' => new Part { Kind = PartKind.Taken, Most = int.Parse(text.AsSpan(1, text.Length - 2), provider: null) },
            '!' when text.Length > 1 => Part.Of(PartKind.Not, text[1..]),
            '?' when text.Length > 1 => Part.Of(PartKind.Maybe, text[1..]),
            _ => Part.Of(PartKind.Words, text),
        },
    };

    private readonly record struct Part
    {
        public Part()
        {
        }

        public PartKind Kind { get; init; }

        public int Most { get; init; }

        public FrozenSet<string> Exact { get; init; } = [];

        public string[] Prefixes { get; init; } = [];

        public string[] Suffixes { get; init; } = [];

        public bool IsClass { get; init; }

        public static Part Of(PartKind kind, string text)
        {
            var words = text == "/" ? [text] : text.Split('/');
            return new Part
            {
                Kind = kind,
                Exact = words.Where(static word => !word.Contains('*', StringComparison.Ordinal) && word[0] != '{')
                .ToFrozenSet(StringComparer.Ordinal),
                Prefixes = [.. words.Where(static word => word[^1] == '*').Select(static word => word[..^1])],
                Suffixes = [.. words.Where(static word => word[0] == '*').Select(static word => word[1..])],
                IsClass = text == "{year}",
            };
        }

        // Words with accents in the files are told apart from those without: German "wär", "war".
        public bool Fits(SentenceToken token)
        {
            if (IsClass)
                return token.Folded.Length == 4 && token.Folded[0] is '1' or '2'
                    && token.Folded.AsSpan().ContainsAnyExceptInRange('0', '9') is false;
            if (Exact.Contains(token.Folded) || Exact.Contains(token.Raw))
                return true;
            foreach (var prefix in Prefixes)
            {
                if (token.Folded.StartsWith(prefix, StringComparison.Ordinal) || token.Raw.StartsWith(prefix, StringComparison.Ordinal))
                    return true;
            }

            // An ending tells a verb's form; "Iberia" has none.
            if (token is { IsCapital: true, IsAtStart: false })
                return false;
            foreach (var suffix in Suffixes)
            {
                if (token.Folded.EndsWith(suffix, StringComparison.Ordinal) && token.Folded.Length > suffix.Length + 1)
                    return true;
            }

            return false;
        }
    }
}
