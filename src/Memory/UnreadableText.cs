namespace MemoryOrleans;

/// <summary>
/// What a store puts in the place of a text that it cannot open: damaged, exchanged, or sealed with a key that was destroyed. It is
/// shown to whoever reads the record; nothing is made of it: it is not recalled, distilled, embedded or written back.
/// </summary>
public static class UnreadableText
{
    public static readonly string Sentence =
        "[This text cannot be read: it is damaged or was exchanged, or its key is destroyed.]";

    /// <summary>True for what the store put there, in the process that read it; not for somebody's text of the same words.</summary>
    public static bool Is(string text) => ReferenceEquals(text, Sentence);
}
