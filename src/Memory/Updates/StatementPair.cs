namespace MemoryOrleans.Updates;

/// <summary>Two statements of one speaker, and what they have in common.</summary>
internal sealed class StatementPair
{
    public StatementPair(Statement older, Statement newer)
    {
        Older = older;
        Newer = newer;
        Shared = older.Words.Keys.Where(newer.Words.ContainsKey).ToHashSet(StringComparer.Ordinal);
        SharedWeight = Shared.Sum(word => Math.Min(older.Words[word], newer.Words[word]));
        var lighter = Math.Min(older.Weight, newer.Weight);
        Coverage = lighter > 0 ? SharedWeight / lighter : 0;
        Cosine = Prototypes.Cosine(older.Vector, newer.Vector);
    }

    public Statement Older { get; }

    public Statement Newer { get; }

    public IReadOnlySet<string> Shared { get; }

    public double SharedWeight { get; }

    /// <summary>Of the lighter statement's weight, 0..1.</summary>
    public double Coverage { get; }

    /// <summary>0 where either has no vector.</summary>
    public double Cosine { get; }

    public bool IsEnglish => Newer.Language == Languages.English && Older.Language == Languages.English;

    public bool IsShort => Older.Length <= 14 && Newer.Length <= 18;

    /// <summary>Both are the speaker's, or of the same one of theirs, or of the same name.</summary>
    public bool IsSamePerson => Older.Owner.Kin == Newer.Owner.Kin && ((Older.Owner.IsSelf && Newer.Owner.IsSelf) || Older.Owner.Leading.Overlaps(Newer.Owner.Leading));

    /// <summary>The newer one says that something is over, other, or wrong, or names what the older one says.</summary>
    public bool IsStrong => Newer.IsStrong || Newer.Old.Any(words => words.All(word => Older.Mentions(word.Stem)));

    public IEnumerable<string> SharedSlots => Older.Slots.Where(Newer.Slots.Contains);

    /// <summary>A value of one type in both, and no equal one of that type.</summary>
    public bool HasOtherValue => Enum.GetValues<ValueKind>().Any(type => Differs(type));

    public bool Differs(ValueKind type)
    {
        var old = Older.Values.Where(value => value.Type == type).ToList();
        var now = Newer.Values.Where(value => value.Type == type).ToList();
        if (old.Count == 0 || now.Count == 0)
            return false;
        if (type != ValueKind.Number)
            return !old.Exists(value => now.Exists(other => other.Text == value.Text));
        return old.Exists(value => now.Exists(other => other.Text != value.Text && (other.Unit == value.Unit || other.Unit.Length == 0 || value.Unit.Length == 0)))
            && !old.Exists(value => now.Exists(other => other.Text == value.Text && other.Unit == value.Unit));
    }
}
