namespace MemoryOrleans.Text.Words;

/// <summary>Makes a pattern's nodes into steps, from the last to the first: each knows what follows it.</summary>
internal sealed class PatternSteps
{
    /// <summary>Entries of a switch: ASCII letters, then one for all other letters and one for the text's end.</summary>
    public const int Entries = TextEnd + 1;
    private const int OtherLetters = AsciiSet.End;
    private const int TextEnd = OtherLetters + 1;

    /// <summary>A choice of fewer is not worth a table.</summary>
    private const int SwitchedMin = 3;

    private readonly List<PatternStep> steps = [];
    private readonly List<LetterSet> sets = [];
    private readonly List<short[]> switches = [];
    private readonly List<string> names = [];

    public PatternSteps(PatternNode pattern)
    {
        Entry = Add(pattern, Add(new PatternStep(StepKind.Done)));
        MarkJoints();
    }

    public int Entry { get; }

    /// <summary>How many steps several ways lead to.</summary>
    public int Joints { get; private set; }

    public PatternStep[] Steps => [.. steps];
    public LetterSet[] Sets => [.. sets];
    public short[][] Switches => [.. switches];

    /// <summary>Names of groups, in the order of their marks; a group has two.</summary>
    public string[] Names => [.. names];

    /// <summary>The entry of a switch for the letter at a place of a text.</summary>
    public static int EntryOf(ReadOnlySpan<char> text, int place) =>
        (uint)place < (uint)text.Length ? Math.Min((int)text[place], OtherLetters) : TextEnd;

    /// <summary>Whether what begins so may begin with the letter of an entry.</summary>
    public static bool CanBegin(FirstLetters first, int letter) => first.CanBeEmpty || letter switch
    {
        OtherLetters => first.HasOthers,
        TextEnd => false,
        _ => first.Ascii.Contains(letter),
    };

    private int Add(PatternStep step)
    {
        steps.Add(step);
        return steps.Count - 1;
    }

    /// <summary>Adds a node's steps before a step, and gives the first of them.</summary>
    private int Add(PatternNode node, int next)
    {
        switch (node)
        {
            case PatternNode.Letter letter:
                return AddLetter(letter.Set, next);
            case PatternNode.Place place:
                return Add(new PatternStep(place.Kind, Next: next));
            case PatternNode.Sequence sequence:
                return sequence.Parts.Reverse().Aggregate(next, (after, part) => Add(part, after));
            case PatternNode.Choice choice:
                return AddChoice(choice.Options, next);
            case PatternNode.Repeat repeat:
                return AddRepeat(repeat, next);
            case PatternNode.Group group:
                var mark = 2 * NumberOf(group.Name);
                var end = Add(new PatternStep(StepKind.Mark, Next: next, Other: mark + 1));
                return Add(new PatternStep(StepKind.Mark, Next: Add(group.Body, end), Other: mark));
            default:
                throw new InvalidOperationException($"{node.GetType().Name} has no steps.");
        }
    }

    private int NumberOf(string name)
    {
        if (!names.Contains(name))
            names.Add(name);
        return names.IndexOf(name);
    }

    private int AddLetter(LetterSet set, int next)
    {
        if (set.Pair is { } pair)
            return Add(new PatternStep(StepKind.Letter, pair.One, pair.Two, next));
        if (!sets.Contains(set))
            sets.Add(set);
        return Add(new PatternStep(StepKind.Any, Next: next, Other: sets.IndexOf(set)));
    }

    private int AddRepeat(PatternNode.Repeat repeat, int next)
    {
        var entry = next;
        if (repeat.Max is { } max)
        {
            for (var i = repeat.Min; i < max; i++)
                entry = Add(Fork(Add(repeat.Body, entry), next, repeat.IsLazy));
        }
        else
        {
            entry = Add(default(PatternStep));
            steps[entry] = Fork(Add(repeat.Body, entry), next, repeat.IsLazy);
        }

        for (var i = 0; i < repeat.Min; i++)
            entry = Add(repeat.Body, entry);
        return entry;
    }

    private static PatternStep Fork(int body, int after, bool isLazy) =>
        isLazy ? new PatternStep(StepKind.Fork, Next: after, Other: body) : new PatternStep(StepKind.Fork, Next: body, Other: after);

    private int AddChoice(IReadOnlyList<PatternNode> options, int next)
    {
        var choice = new PatternChoice(options, option => Add(option, next));
        if (options.Count < SwitchedMin)
            return AddForks(choice.Entries());
        var known = new List<(List<int> Options, int Entry)>();
        var table = new short[Entries];
        for (var letter = 0; letter < Entries; letter++)
        {
            var fitting = choice.OptionsOf(letter);
            var same = known.FindIndex(other => other.Options.SequenceEqual(fitting));
            if (same < 0)
            {
                same = known.Count;
                known.Add((fitting, fitting.Count == 0 ? -1 : AddForks(choice.EntriesOf(fitting))));
            }

            table[letter] = checked((short)known[same].Entry);
        }

        switches.Add(table);
        return Add(new PatternStep(StepKind.Switch, Other: switches.Count - 1));
    }

    private int AddForks(IReadOnlyList<int> ways)
    {
        var entry = ways[^1];
        for (var i = ways.Count - 2; i >= 0; i--)
            entry = Add(new PatternStep(StepKind.Fork, Next: ways[i], Other: entry));
        return entry;
    }

    private void MarkJoints()
    {
        var ways = new int[steps.Count];
        foreach (var step in steps)
        {
            if (step.Next >= 0)
                ways[step.Next]++;
            if (step.Kind == StepKind.Fork)
                ways[step.Other]++;
        }

        foreach (var way in switches.SelectMany(static table => table.Distinct()).Where(static way => way >= 0))
            ways[way]++;
        for (var i = 0; i < ways.Length; i++)
        {
            if (ways[i] > 1)
                steps[i] = steps[i] with { Joint = Joints++ };
        }
    }
}
