namespace MemoryOrleans.Recall.Index;

/// <summary>A stretch of a turn's words that phrases are looked for in.</summary>
/// <param name="Word">Its first word's number in the partition.</param>
internal readonly record struct StretchEntry(int Turn, int Word);

/// <summary>
/// The words of a partition's turns in their order, stop words included, and what finds a phrase among them without reading them
/// all: stretches of <see cref="StretchWords"/> words with a signature each. A turn of 40 words takes some 150 bytes: 80 of
/// words, 8 of its stretch's entry, 64 of its signature.
/// </summary>
internal sealed class PhraseIndex
{
    /// <summary>Fewer words in a row are no phrase.</summary>
    public const int PhraseWordsMin = 4;

    /// <summary>Places in a stretch where a phrase may begin; the words for one at the last place are signed with it.</summary>
    public const int StretchWords = 64;

    // So few stretches are read one by one.
    private const int UnsignedMax = 32;

    private readonly WordLog words = new();
    private readonly Blocks<StretchEntry> stretches = new();
    private readonly PhraseSigns signs = new();

    public int WordCount => words.Count;

    public long Bytes => words.Bytes + stretches.Bytes + signs.Bytes;

    public void Append(int turn, ReadOnlySpan<ushort> said)
    {
        var first = words.Count;
        words.Append(said);
        for (var at = 0; at + PhraseWordsMin <= said.Length; at += StretchWords)
        {
            stretches.Append(new StretchEntry(turn, first + at));
            if (stretches.Count > UnsignedMax)
                signs.Add(stretches.Count - 1, SignedOf(said[at..]));
            else if (stretches.Count == UnsignedMax)
                SignAll();
        }
    }

    public View Read() => new(words.Read(), words.Count, stretches.Read(), stretches.Count, signs.Read());

    private static ReadOnlySpan<ushort> SignedOf(ReadOnlySpan<ushort> words) =>
        words[..Math.Min(words.Length, StretchWords + PhraseWordsMin - 1)];

    private void SignAll()
    {
        Span<ushort> room = stackalloc ushort[StretchWords + PhraseWordsMin - 1];
        for (var i = 0; i < stretches.Count; i++)
        {
            // A turn's words end where the next turn's begin; those of the last one end where all do.
            var (from, end) = (stretches.Row(i).Word, words.Count);
            for (var next = i + 1; next < stretches.Count && end == words.Count; next++)
                end = stretches.Row(next).Turn == stretches.Row(i).Turn ? end : stretches.Row(next).Word;
            signs.Add(i, words.Read().Read(from, Math.Min(room.Length, end - from), room));
        }
    }

    /// <summary>A reader's hold on the words, stretches and signatures.</summary>
    internal readonly record struct View(
        WordLog.View Words, int WordCount, Blocks<StretchEntry>.View Stretches, int StretchCount, PhraseSigns.View Signs);
}
