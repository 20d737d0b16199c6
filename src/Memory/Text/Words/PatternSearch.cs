using System.Buffers;

namespace MemoryOrleans.Text.Words;

/// <summary>
/// One search of a pattern in a text. Ways are tried in their order, as an expression's are. That could take exponential
/// time, so when it has taken more steps than a usual text needs, the search begins to note where it has been: a step that
/// several ways lead to is then entered once for each place of the text, and the rest takes time linear in the text.
/// </summary>
internal ref struct PatternSearch
{
    /// <summary>Steps for each letter of a text before places are noted.</summary>
    private const int FreeSteps = 16;
    private const int StackKeptMax = 1 << 14;
    private const int StackMin = 256;

    [ThreadStatic]
    private static int[]? kept;

    private readonly Pattern pattern;
    private readonly ReadOnlySpan<char> text;
    private readonly Span<int> marks;
    private int[] stack;
    private ulong[]? entered;

    /// <param name="marks">Takes where groups begin and end, two for each; empty when nobody asks.</param>
    /// <param name="free">Steps before places are noted.</param>
    public PatternSearch(Pattern pattern, ReadOnlySpan<char> text, Span<int> marks, long free)
    {
        this.pattern = pattern;
        this.text = text;
        this.marks = marks;
        Free = free;
        stack = [];
    }

    /// <summary>Steps left of those that are taken without noting places; below 0 there are none.</summary>
    public long Free { get; private set; }

    /// <summary>Steps that a usual text does not need.</summary>
    public static long FreeStepsOf(ReadOnlySpan<char> text) => FreeSteps * (text.Length + 64L);

    public readonly void Dispose()
    {
        if (stack.Length is > 0 and <= StackKeptMax)
            kept = stack;
        if (entered is not null)
            ArrayPool<ulong>.Shared.Return(entered);
    }

    /// <summary>Where the match that begins at a place ends, or −1.</summary>
    public int EndFrom(int start)
    {
        var (at, place, depth) = (pattern.Entry, start, 0);
        var steps = pattern.Steps;
        while (true)
        {
            ref readonly var step = ref steps[at];
            at = step.Next;
            switch (--Free < 0 && step.Joint >= 0 && !TryEnter(step.Joint, place) ? StepKind.DeadEnd : step.Kind)
            {
                case StepKind.Letter when (uint)place < (uint)text.Length && (text[place] == step.One || text[place] == step.Two):
                case StepKind.Any when (uint)place < (uint)text.Length && pattern.Sets[step.Other].Contains(text[place]):
                    place++;
                    continue;
                case StepKind.Fork:
                    Push(step.Other, place, ref depth);
                    continue;
                case StepKind.Switch:
                    at = pattern.Switches[step.Other][PatternSteps.EntryOf(text, place)];
                    if (at >= 0)
                        continue;
                    break;
                case StepKind.Mark:
                    if (!marks.IsEmpty)
                    {
                        Push(~step.Other, marks[step.Other], ref depth);
                        marks[step.Other] = place;
                    }

                    continue;
                case StepKind.Done:
                    return place;
                case StepKind.Begin or StepKind.LineBegin or StepKind.End or StepKind.Boundary when IsPlace(step.Kind, place):
                    continue;
            }

            // This way led nowhere: back to the last fork, with the groups as they were there.
            do
            {
                if (depth == 0)
                    return -1;
                depth -= 2;
                (at, place) = (stack[depth], stack[depth + 1]);
                if (at < 0)
                    marks[~at] = place;
            }
            while (at < 0);
        }
    }

    private readonly bool IsPlace(StepKind kind, int place) => kind switch
    {
        StepKind.Begin => place == 0,
        StepKind.LineBegin => place == 0 || text[place - 1] == '\n',
        StepKind.End => place == text.Length || (place == text.Length - 1 && text[place] == '\n'),
        _ => (place > 0 && Pattern.IsOfWord(text[place - 1])) != (place < text.Length && Pattern.IsOfWord(text[place])),
    };

    private void Push(int step, int place, ref int depth)
    {
        if (depth == stack.Length)
            GrowStack();
        stack[depth++] = step;
        stack[depth++] = place;
    }

    private void GrowStack()
    {
        if (stack.Length > 0)
            Array.Resize(ref stack, 2 * stack.Length);
        else
            (stack, kept) = (kept ?? new int[StackMin], null);
    }

    /// <summary>Whether it is the first time that a joint is entered at a place.</summary>
    private bool TryEnter(int joint, int place)
    {
        if (entered is null)
        {
            entered = ArrayPool<ulong>.Shared.Rent(checked((int)(((long)pattern.Joints * (text.Length + 1) / 64) + 1)));
            entered.AsSpan().Clear();
        }

        var bit = ((long)joint * (text.Length + 1)) + place;
        ref var word = ref entered[bit / 64];
        var mask = 1UL << (int)(bit % 64);
        var isFirst = (word & mask) == 0;
        word |= mask;
        return isFirst;
    }
}
