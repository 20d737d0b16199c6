namespace MemoryOrleans.Updates;

/// <summary>Two statements of one speaker, and what they have in common.</summary>
/// <remarks>What they share is found when first asked for: a recall makes hundreds of pairs, and most are refused by less.</remarks>
internal sealed class StatementPair(Statement older, Statement newer)
{
    private List<string>? shared;
    private double sharedWeight;
    private double? cosine;

    public Statement Older { get; } = older;

    public Statement Newer { get; } = newer;

    /// <summary>Stems of the content words of both, each once.</summary>
    public IReadOnlyList<string> Shared => shared ?? FindShared();

    public double SharedWeight
    {
        get
        {
            if (shared is null)
                FindShared();
            return sharedWeight;
        }
    }

    /// <summary>Of the lighter statement's weight, 0..1.</summary>
    public double Coverage => Math.Min(Older.Weight, Newer.Weight) is > 0 and var lighter ? SharedWeight / lighter : 0;

    /// <summary>0 where either has no vector.</summary>
    public double Cosine => cosine ??= Prototypes.Cosine(Older.Vector, Newer.Vector);

    public bool IsEnglish => Newer.Language == Languages.English && Older.Language == Languages.English;

    public bool IsShort => Older.Length <= 14 && Newer.Length <= 18;

    /// <summary>Both are the speaker's, or of the same one of theirs, or of the same name.</summary>
    public bool IsSamePerson => Older.Owner.Kin == Newer.Owner.Kin
        && ((Older.Owner.IsSelf && Newer.Owner.IsSelf) || Older.Owner.Leading.Overlaps(Newer.Owner.Leading));

    /// <summary>The newer one says that something is over, other, or wrong, or names what the older one says.</summary>
    public bool IsStrong => Newer.IsStrong || NamesOld();

    public IEnumerable<string> SharedSlots => Older.Slots.Where(Newer.Slots.Contains);

    /// <summary>A value of one type in both, and no equal one of that type.</summary>
    public bool HasOtherValue
    {
        get
        {
            for (var i = 0; i < Older.Values.Count && Newer.Values.Count > 0; i++)
            {
                if (Differs(Older.Values[i].Type))
                    return true;
            }

            return false;
        }
    }

    public bool Differs(ValueKind type)
    {
        if (Older.Values.Count == 0 || Newer.Values.Count == 0)
            return false;
        var (isCompared, isOther, isSame) = (false, false, false);
        for (var i = 0; i < Older.Values.Count; i++)
        {
            for (var j = 0; j < Newer.Values.Count; j++)
            {
                var (old, now) = (Older.Values[i], Newer.Values[j]);
                if (old.Type != type || now.Type != type)
                    continue;
                isCompared = true;
                var areEqual = old.Text == now.Text;
                isSame |= areEqual && (type != ValueKind.Number || old.Unit == now.Unit);
                isOther |= !areEqual && (old.Unit == now.Unit || now.Unit.Length == 0 || old.Unit.Length == 0 || AreOfOneThing(old, now));
            }
        }

        return isCompared && !isSame && (type != ValueKind.Number || isOther);
    }

    // "140 vinyl records", "a collection of 212 records": the word after a number need not be what is counted.
    private bool AreOfOneThing(TypedValue old, TypedValue now) => Newer.Mentions(old.Unit) && Older.Mentions(now.Unit);

    private bool NamesOld()
    {
        foreach (var words in Newer.Old)
        {
            var all = true;
            for (var i = 0; i < words.Count && all; i++)
                all = Older.Mentions(words[i].Stem);
            if (all)
                return true;
        }

        return false;
    }

    private List<string> FindShared()
    {
        var found = new List<string>();
        var words = Older.Words;
        for (var i = 0; i < words.Count; i++)
        {
            if (!Newer.Words.TryGetValue(words.Keys[i], out var other))
                continue;
            found.Add(words.Keys[i]);
            sharedWeight += Math.Min(words.WeightAt(i), other);
        }

        return shared = found;
    }
}
