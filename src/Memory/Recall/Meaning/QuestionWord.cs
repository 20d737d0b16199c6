namespace MemoryOrleans.Recall.Meaning;

/// <summary>A word of a question between blanks: what it says, and the punctuation at its ends.</summary>
internal readonly record struct QuestionWord(string Opening, string Text, string Closing)
{
    /// <summary>Lower case, straight apostrophes.</summary>
    public string Lower { get; } = Text.ToLowerInvariant().Replace('’', '\'');

    /// <summary>True when the next word belongs to the same phrase.</summary>
    public bool GoesOn => Closing.Length == 0;

    public static List<QuestionWord> Split(string question)
    {
        var words = new List<QuestionWord>();
        foreach (var range in question.AsSpan().SplitAny(" \t\r\n"))
        {
            var word = question.AsSpan()[range];
            if (word.IsEmpty)
                continue;
            var start = 0;
            while (start < word.Length && !char.IsLetterOrDigit(word[start]))
                start++;
            var end = word.Length;
            while (end > start && !char.IsLetterOrDigit(word[end - 1]))
                end--;
            words.Add(new QuestionWord(word[..start].ToString(), word[start..end].ToString(), word[end..].ToString()));
        }

        return words;
    }

    public QuestionWord With(string text) => new(Opening, text, Closing);

    public override string ToString() => Opening + Text + Closing;
}
