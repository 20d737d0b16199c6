using System.Collections.Frozen;

namespace MemoryOrleans.Updates;

/// <summary>Whose a statement is, as its words tell.</summary>
/// <param name="Kin">"sister" of "my sister moved"; empty where it is about nobody of the speaker's.</param>
/// <param name="KinName">The stem of the name that the sentence gives them: "Ella" of "my daughter Ella wears …"; empty without one.</param>
/// <param name="IsSelf">It has a word of the first person.</param>
/// <param name="Possessors">Stems before 's.</param>
/// <param name="Leading">Stems of a name that it begins with.</param>
/// <param name="Subject">Stems of what stands before its first verb.</param>
/// <param name="IsOthers">It says his, her or their.</param>
internal sealed record StatementOwner(
    string Kin, string KinName, bool IsSelf, WordSet Possessors, WordSet Leading, WordSet Subject, bool IsOthers);

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

    // Where there is no typical sentence near enough.
    private static readonly Prototype NearNone = new(string.Empty, 0);
    private readonly Meanings meanings;
    private List<string>? spoken;
    private float[]? vector;
    private Prototype? nearest;

    /// <param name="meanings">Asked when a rule first asks for the vector: most statements are never compared so far.</param>
    public Statement(Meanings meanings) => this.meanings = meanings;

    public required Wording Wording { get; init; }

    /// <summary>Weights of its content words, 0.15..1, by stem.</summary>
    public required WordWeights Words
    {
        get;
        init
        {
            field = value;
            Weight = value.Sum;
        }
    }

    public required IReadOnlyList<TypedValue> Values { get; init; }

    public required StatementOwner Owner { get; init; }

    public required StatementCues Cues { get; init; }

    public required StatementFlags Flags { get; init; }

    /// <summary>Content near what says ended, changed or corrected.</summary>
    public required WordSet Window { get; init; }

    /// <summary>The old values that it names, as stems.</summary>
    public required IReadOnlyList<IReadOnlyList<OldWord>> Old { get; init; }

    public required WordSet Slots { get; init; }

    public required WordSet DayParts { get; init; }

    /// <summary>Stems of words in capitals, the first of the sentence only where it is no common word.</summary>
    public required WordSet Names { get; init; }

    /// <summary>Unit vector; null where the embedder knows nothing of it.</summary>
    public float[]? Vector => (vector ??= meanings.VectorOf(Wording)) is { Length: > 0 } known ? known : null;

    /// <summary>The typical sentence nearest to it; null without one near enough.</summary>
    public Prototype? Prototype
    {
        get
        {
            nearest ??= (Vector is { } known ? meanings.NearestTo(known) : null) ?? NearNone;
            return nearest == NearNone ? null : nearest;
        }
    }

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

    public bool MentionsAny(WordSet stems)
    {
        for (var i = 0; i < stems.Count; i++)
        {
            if (Mentions(stems[i]))
                return true;
        }

        return false;
    }

    public bool MentionsAll(WordSet stems)
    {
        for (var i = 0; i < stems.Count; i++)
        {
            if (!Mentions(stems[i]))
                return false;
        }

        return true;
    }
}

/// <summary>A word of an old value that a newer statement names.</summary>
internal readonly record struct OldWord(string Stem, double Weight, bool IsCapital);
