namespace MemoryOrleans.Text.Words;

internal enum StepKind : byte
{
    /// <summary>A letter that is one of two.</summary>
    Letter,

    /// <summary>A letter of a set.</summary>
    Any,

    /// <summary>One way, and the other when it leads nowhere.</summary>
    Fork,

    /// <summary>Ways that the next letter decides.</summary>
    Switch,

    /// <summary>Where a group begins or ends.</summary>
    Mark,

    /// <summary>The text's begin.</summary>
    Begin,

    /// <summary>A line's begin.</summary>
    LineBegin,

    /// <summary>The text's end, or before a line break that ends it.</summary>
    End,

    /// <summary>Between a letter of a word and none.</summary>
    Boundary,

    /// <summary>The whole fits.</summary>
    Done,

    /// <summary>Nothing fits.</summary>
    DeadEnd,
}

/// <summary>One step of a pattern.</summary>
/// <param name="One">A letter, as <paramref name="Two"/>; of steps of the kind <see cref="StepKind.Letter"/>.</param>
/// <param name="Next">The step after it.</param>
/// <param name="Other">The other way of a fork; else the number of the set, switch or mark.</param>
/// <param name="Joint">A number of its own for a step that several ways lead to; −1 for others.</param>
internal readonly record struct PatternStep(StepKind Kind, char One = '\0', char Two = '\0', int Next = -1, int Other = -1, int Joint = -1);
