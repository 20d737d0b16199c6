namespace MemoryOrleans.Text.Words;

/// <summary>A part of a pattern as it was written.</summary>
internal abstract record PatternNode
{
    /// <summary>A letter of a set.</summary>
    internal sealed record Letter(LetterSet Set) : PatternNode;

    /// <summary>A place between letters.</summary>
    internal sealed record Place(StepKind Kind) : PatternNode;

    internal sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>One of several; the first that lets the whole fit is taken.</summary>
    internal sealed record Choice(IReadOnlyList<PatternNode> Options) : PatternNode;

    /// <summary>The body so many times; <paramref name="Max"/> null: without end.</summary>
    internal sealed record Repeat(PatternNode Body, int Min, int? Max, bool IsLazy) : PatternNode;

    internal sealed record Group(PatternNode Body, string Name) : PatternNode;

    /// <summary>Letters that it may begin with; a node that may be empty may be followed by any.</summary>
    public FirstLetters First() => this switch
    {
        Letter letter => new FirstLetters(letter.Set.Ascii, letter.Set.HasOthers, CanBeEmpty: false),
        Sequence sequence => FirstOf(sequence.Parts),
        Choice choice => choice.Options.Aggregate(default(FirstLetters), static (all, option) => all.Or(option.First())),
        Repeat repeat => repeat.Body.First() is var first && repeat.Min == 0 ? first with { CanBeEmpty = true } : first,
        Group group => group.Body.First(),
        _ => new FirstLetters(default, HasOthers: false, CanBeEmpty: true),
    };

    /// <summary>Whether a place of a kind is passed before any letter is read; null: perhaps, but no letter is read without it.</summary>
    public bool? BeginsAt(StepKind kind) => this switch
    {
        Letter => false,
        Place place => place.Kind == kind ? true : null,
        Sequence sequence => sequence.Parts.Select(part => part.BeginsAt(kind)).FirstOrDefault(static begins => begins is not null),
        Choice choice => Agreed([.. choice.Options.Select(option => option.BeginsAt(kind))]),
        Repeat repeat => repeat.Body.BeginsAt(kind) is var begins && repeat.Min == 0 && begins == true ? null : begins,
        Group group => group.Body.BeginsAt(kind),
        _ => false,
    };

    private static bool? Agreed(bool?[] options) =>
        options.Contains(false) ? false : Array.TrueForAll(options, static option => option == true) ? true : null;

    private static FirstLetters FirstOf(IReadOnlyList<PatternNode> parts)
    {
        var all = new FirstLetters(default, HasOthers: false, CanBeEmpty: true);
        foreach (var part in parts)
        {
            if (!all.CanBeEmpty)
                break;
            all = (all with { CanBeEmpty = false }).Or(part.First());
        }

        return all;
    }
}

/// <param name="Ascii">ASCII letters that may stand first.</param>
/// <param name="HasOthers">Whether letters beyond ASCII may stand first.</param>
/// <param name="CanBeEmpty">Whether nothing may stand there.</param>
internal readonly record struct FirstLetters(AsciiSet Ascii, bool HasOthers, bool CanBeEmpty)
{
    public FirstLetters Or(FirstLetters other) => new(Ascii.Or(other.Ascii), HasOthers || other.HasOthers, CanBeEmpty || other.CanBeEmpty);
}
