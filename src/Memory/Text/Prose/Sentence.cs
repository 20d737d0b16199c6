namespace MemoryOrleans.Text.Prose;

/// <summary>One sentence of a run of turns.</summary>
/// <param name="Turn">Index of its turn in the run.</param>
/// <param name="Index">Index of the sentence in its turn.</param>
/// <param name="Text">On one line, at most <see cref="SplitTurn.SentenceLengthMax"/> characters.</param>
/// <param name="IsWhole">False for a piece of a longer sentence.</param>
internal sealed record Sentence(int Turn, int Index, Speaker Speaker, string Text, bool IsWhole)
{
    public bool IsQuestion { get; } = EndsInQuestion(Text);

    private static bool EndsInQuestion(string text)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] is '?' or '？' or '؟')
                return true;
            if (char.IsLetterOrDigit(text[i]) || text[i] is '.' or '…' or '。')
                return false;
        }

        return false;
    }
}
