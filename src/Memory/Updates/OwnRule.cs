namespace MemoryOrleans.Updates;

/// <summary>
/// Of two values the asker's own is what a question in the first person asks for: "What dose do I take?" is not answered by
/// "My father's dose was raised to 20 mg". Only where the question asks for a value and both statements give one.
/// </summary>
internal static class OwnRule
{
    public const string Name = "q-own";

    /// <summary>Whether a question asks for a value of the asker's own, here and now, and names nobody.</summary>
    public static bool IsAsked(UpdateQuestion asked) => asked.IsPresent && asked.Types.Count > 0 && asked.Named.Count == 0
        && asked.Statement.Owner is { IsSelf: true, Kin.Length: 0, Possessors.Count: 0, IsOthers: false };

    /// <summary>One statement gives the value asked for, of somebody else; the other of the speaker, as something that holds.</summary>
    public static bool Holds(UpdateQuestion asked, Statement another, Statement own) =>
        IsOwn(own) && asked.AsksForWhatDiffers(new StatementPair(own, another))
        && (IsSomebodys(asked, another) || IsOfOtherThing(asked, another, own));

    // "Our third child was born" is about the children that are asked for.
    private static bool IsSomebodys(UpdateQuestion asked, Statement statement)
    {
        var owner = statement.Owner;
        return owner.Kin.Length > 0
            ? !asked.Statement.Wording.Tokens.Any(token => token.Folded.StartsWith(owner.Kin, StringComparison.Ordinal))
            : !owner.IsSelf && (owner.Possessors.Count > 0 || owner.Leading.Count > 0);
    }

    // "The other team ships on Wednesdays", where what is asked for is "we ship".
    private static bool IsOfOtherThing(UpdateQuestion asked, Statement statement, Statement own)
    {
        var words = asked.Statement.Words.Keys;
        return !statement.Owner.IsSelf && statement.Owner.Subject.Count > 0 && !statement.Owner.Subject.Overlaps(words)
            && asked.IsTouchedBy(own) && asked.AllOfIn(statement, own);
    }

    private static bool IsOwn(Statement statement) => statement.Owner is { IsSelf: true, Kin.Length: 0, Possessors.Count: 0 }
        && statement.Flags is { IsQuestion: false, IsPast: false, IsNotDone: false, IsReported: false, IsPastEvent: false,
        SupposedAt: < 0 };
}
