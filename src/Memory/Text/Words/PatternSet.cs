using System.Numerics;

namespace MemoryOrleans.Text.Words;

/// <summary>Several patterns that are looked for in one pass over a text: its letters say which of them may begin where.</summary>
internal sealed class PatternSet
{
    private const int PatternsMax = 64;

    private readonly Pattern[] patterns;

    /// <summary>For each entry of a switch the patterns that may begin there, a bit for each.</summary>
    private readonly ulong[] beginning = new ulong[PatternSteps.Entries];
    private readonly ulong insideWords;
    private readonly ulong insideTexts;

    /// <param name="patterns">At most 64.</param>
    public PatternSet(params Pattern[] patterns)
    {
        if (patterns.Length > PatternsMax)
            throw new ArgumentException($"A set has {PatternsMax} patterns at most.", nameof(patterns));
        this.patterns = patterns;
        for (var i = 0; i < patterns.Length; i++)
        {
            var bit = 1UL << i;
            insideWords |= patterns[i].IsAtBoundary ? 0 : bit;
            insideTexts |= patterns[i].IsAtBegin ? 0 : bit;
            for (var entry = 0; entry < beginning.Length; entry++)
                beginning[entry] |= PatternSteps.CanBegin(patterns[i].First, entry) ? bit : 0;
        }
    }

    /// <summary>A bit for each pattern, in their order: set for those that are found in the text.</summary>
    public ulong FoundIn(ReadOnlySpan<char> text)
    {
        var (found, free) = (0UL, PatternSearch.FreeStepsOf(text));
        for (var start = 0; start <= text.Length; start++)
        {
            var open = beginning[PatternSteps.EntryOf(text, start)] & ~found;
            if (open != 0 && start > 0)
                open &= Pattern.IsInsideWord(text, start) ? insideTexts & insideWords : insideTexts;
            for (; open != 0; open &= open - 1)
            {
                var pattern = BitOperations.TrailingZeroCount(open);
                using var search = new PatternSearch(patterns[pattern], text, [], free);
                found |= search.EndFrom(start) >= 0 ? 1UL << pattern : 0;
                free = search.Free;
            }

            if (free < 0)
                return found | FoundOneByOne(text, ~found);
        }

        return found;
    }

    /// <summary>Of a text that takes unusually many steps: a pattern's own search notes where it has been.</summary>
    private ulong FoundOneByOne(ReadOnlySpan<char> text, ulong wanted)
    {
        var found = 0UL;
        for (var i = 0; i < patterns.Length; i++)
            found |= (wanted >> i & 1) != 0 && patterns[i].IsMatch(text) ? 1UL << i : 0;
        return found;
    }
}
