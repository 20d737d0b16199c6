namespace MemoryOrleans.Text.Words;

/// <summary>The options of a choice while it is made into steps; an option's steps are made once, when first asked for.</summary>
/// <param name="add">Makes steps of a node and gives the first of them.</param>
internal sealed class PatternChoice(IReadOnlyList<PatternNode> options, Func<PatternNode, int> add)
{
    private readonly FirstLetters[] first = [.. options.Select(static option => option.First())];
    private readonly int?[] entries = new int?[options.Count];

    /// <summary>The first steps of all options.</summary>
    public List<int> Entries() => [.. Enumerable.Range(0, options.Count).Select(EntryOf)];

    /// <summary>The options that the letter of a switch's entry may begin.</summary>
    public List<int> OptionsOf(int letter)
    {
        var fitting = new List<int>();
        for (var option = 0; option < first.Length; option++)
        {
            if (PatternSteps.CanBegin(first[option], letter))
                fitting.Add(option);
        }

        return fitting;
    }

    /// <summary>The first steps of some options; neighbours that begin with the same letter share its step.</summary>
    public List<int> EntriesOf(List<int> some)
    {
        var ways = new List<int>();
        for (var at = 0; at < some.Count;)
        {
            var end = at + 1;
            var head = HeadOf(options[some[at]]);
            while (head is not null && end < some.Count && ReferenceEquals(HeadOf(options[some[end]]), head))
                end++;
            if (end == at + 1)
                ways.Add(EntryOf(some[at]));
            else
                ways.Add(add(new PatternNode.Sequence([head!, RestOf(some[at..end])])));
            at = end;
        }

        return ways;
    }

    private int EntryOf(int option) => entries[option] ??= add(options[option]);

    private PatternNode.Choice RestOf(List<int> some) => new([.. some.Select(option => RestOf(options[option]))]);

    private static PatternNode.Letter? HeadOf(PatternNode option) => option switch
    {
        PatternNode.Letter letter => letter,
        PatternNode.Sequence { Parts: [PatternNode.Letter letter, ..] } => letter,
        _ => null,
    };

    private static PatternNode.Sequence RestOf(PatternNode option) =>
        new(option is PatternNode.Sequence sequence ? [.. sequence.Parts.Skip(1)] : []);
}
