using System.Collections.Frozen;

namespace MemoryOrleans.Updates;

/// <summary>Whose a statement is, as its words tell.</summary>
/// <param name="Kin">"sister" of "my sister moved"; empty where it is about nobody of the speaker's.</param>
/// <param name="IsSelf">It has a word of the first person.</param>
/// <param name="Possessors">Stems before 's.</param>
/// <param name="Leading">Stems of a name that it begins with.</param>
/// <param name="Subject">Stems of what stands before its first verb.</param>
/// <param name="IsOthers">It says his, her or their.</param>
internal sealed record StatementOwner(
    string Kin, bool IsSelf, IReadOnlySet<string> Possessors, IReadOnlySet<string> Leading, IReadOnlySet<string> Subject, bool IsOthers)
{
    public IReadOnlySet<string> Possessors { get; } = SmallSet.Of(Possessors);

    public IReadOnlySet<string> Leading { get; } = SmallSet.Of(Leading);

    public IReadOnlySet<string> Subject { get; } = SmallSet.Of(Subject);
}

/// <summary>What tells that something changed.</summary>
internal sealed record StatementCues(bool Ended, bool Changed, bool Fix, bool Now, bool Event)
{
    public bool Any => Ended || Changed || Fix || Now || Event;
}

/// <summary>How a statement is meant, beside what it says.</summary>
/// <param name="SupposedAt">The token of the first word that makes it a supposition; −1: it is none.</param>
internal sealed record StatementFlags(
    bool IsQuestion, int SupposedAt, bool IsPast, bool IsAddition, bool IsReported, bool IsNotDone, bool IsChatter, bool IsSecondPerson,
    bool IsFuture,
    bool IsPastEvent, bool Likes, bool Dislikes, bool IsDenied, bool IsAtPlace);

/// <summary>
/// A sentence, or a clause of one, with what the rules of updates look at. Pure data; made by <see cref="ReadStatements"/>.
/// </summary>
internal sealed class Statement
{
    private static readonly FrozenSet<string> Passing = "now currently current correction nowadays actually today".Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);
    private List<string>? spoken;

    public required Wording Wording { get; init; }

    /// <summary>Weights of its content words, 0.15..1, by stem.</summary>
    public required Dictionary<string, double> Words
    {
        get;
        init
        {
            field = value;
            value.TrimExcess();
            Weight = value.Values.Sum();
        }
    }

    public required IReadOnlyList<TypedValue> Values { get; init; }

    public required StatementOwner Owner { get; init; }

    public required StatementCues Cues { get; init; }

    public required StatementFlags Flags { get; init; }

    /// <summary>Content near what says ended, changed or corrected.</summary>
    public required IReadOnlySet<string> Window { get; init => field = SmallSet.Of(value); }

    /// <summary>The old values that it names, as stems.</summary>
    public required IReadOnlyList<IReadOnlyList<OldWord>> Old { get; init; }

    public required IReadOnlySet<string> Slots { get; init => field = SmallSet.Of(value); }

    public required IReadOnlySet<string> DayParts { get; init => field = SmallSet.Of(value); }

    /// <summary>Stems of words in capitals, the first of the sentence only where it is no common word.</summary>
    public required IReadOnlySet<string> Names { get; init => field = SmallSet.Of(value); }

    /// <summary>Unit vector; null where the embedder knows nothing of it.</summary>
    public float[]? Vector { get; init; }

    /// <summary>The typical sentence nearest to it; null without one near enough.</summary>
    public (string Slot, double Cosine)? Prototype { get; init; }

    public string Language => Wording.Language;

    /// <summary>
    /// Its words, folded, in order, without marks and words like "now"; made once, for a statement is compared with many.
    /// </summary>
    public List<string> Spoken =>
        spoken ??= [.. Wording.Tokens.Where(static token => token.IsWord && !Passing.Contains(token.Folded))
        .Select(static token => token.Folded)];

    public int Length => Wording.IsUnspaced ? Wording.Text.Length / 3 : Wording.Length;

    /// <summary>Of all its content words.</summary>
    public double Weight { get; private init; }

    /// <summary>It says in words that something is over, other, or wrong.</summary>
    public bool IsStrong => Cues.Ended || Cues.Changed || Cues.Fix;

    public bool Mentions(string stem) => Words.ContainsKey(stem) || Owner.Kin == stem;
}

/// <summary>A word of an old value that a newer statement names.</summary>
internal readonly record struct OldWord(string Stem, double Weight, bool IsCapital);
