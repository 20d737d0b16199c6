namespace MemoryOrleans.Text.Words;

/// <summary>Where a pattern was found in a text; the default value: nowhere.</summary>
internal readonly struct PatternMatch(string text, int start, int end, string[] names, int[] marks)
{
    public bool IsFound => names is not null;
    public int Start => start;
    public int End => end;
    public int Length => end - start;

    /// <summary>The letters that fit.</summary>
    public string Value => text[start..end];

    /// <summary>What a group took the last time; nothing for a name that the pattern does not have.</summary>
    public PatternGroup this[string name]
    {
        get
        {
            var number = names is null ? -1 : Array.IndexOf(names, name);
            return number < 0 || marks[(2 * number) + 1] < 0 ? default : new PatternGroup(text, marks[2 * number], marks[(2 * number) + 1]);
        }
    }
}

/// <summary>What a named part of a pattern took of a text; the default value: it took no part in the match.</summary>
internal readonly struct PatternGroup(string text, int start, int end)
{
    public bool IsFound => text is not null;
    public int Start => start;
    public int End => end;
    public int Length => end - start;

    /// <summary>The letters; none when it took no part.</summary>
    public string Value => Letters.ToString();

    /// <inheritdoc cref="Value"/>
    public ReadOnlySpan<char> Letters => text.AsSpan(start, Length);
}
