namespace MemoryOrleans.Recall.Index;

/// <summary>
/// Which pairs of neighbouring words a stretch of text has, as a signature of <see cref="Bits"/> bits: each pair of words next to
/// each other, or with one between, sets one. Signatures lie bit by bit rather than stretch by stretch (Goodwin et al.,
/// "BitFunnel: Revisiting Signatures for Search", SIGIR 2017), so that a few words of memory say which of 512 stretches may have a
/// phrase. False alarms happen, misses do not. 64 bytes a stretch; one writer, and readers keep to the count they were given.
/// </summary>
internal sealed class PhraseSigns
{
    public const int Bits = 512;
    public const int PageRows = 512;
    private const int WordRows = 64;

    private ulong[][] pages = [];

    public long Bytes => pages.Sum(static page => (long)page.Length) * sizeof(ulong);

    public View Read() => new(Volatile.Read(ref pages));

    /// <summary>The bit of a word and the one after it.</summary>
    public static int BitOfPair(ushort first, ushort second) => (int)(((((uint)first << 16) | second) * 0x9E3779B1u) >> 23);

    /// <summary>The bit of a word and the second after it.</summary>
    public static int BitOfApart(ushort first, ushort third) => (int)(((((uint)first << 16) | third) * 0x85EBCA77u) >> 23);

    /// <summary>Signs row <paramref name="row"/>; rows come in order.</summary>
    public void Add(int row, ReadOnlySpan<ushort> words)
    {
        var page = PageOf(row);
        var perBit = page.Length / Bits;
        var word = row % PageRows / WordRows;
        var bit = 1UL << row;
        for (var i = 0; i + 1 < words.Length; i++)
        {
            page[(BitOfPair(words[i], words[i + 1]) * perBit) + word] |= bit;
            if (i + 2 < words.Length)
                page[(BitOfApart(words[i], words[i + 2]) * perBit) + word] |= bit;
        }
    }

    // The first page begins small, as most users have little to say.
    private ulong[] PageOf(int row)
    {
        var number = row / PageRows;
        if (number == pages.Length)
            Volatile.Write(ref pages, [.. pages, new ulong[Bits * (number == 0 ? 1 : PageRows / WordRows)]]);
        else if (row == WordRows && pages[0].Length == Bits)
            Volatile.Write(ref pages, [Widened(pages[0])]);
        return pages[number];
    }

    private static ulong[] Widened(ulong[] small)
    {
        var wide = new ulong[Bits * (PageRows / WordRows)];
        for (var bit = 0; bit < Bits; bit++)
            wide[bit * (PageRows / WordRows)] = small[bit];
        return wide;
    }

    /// <summary>A reader's hold on the pages.</summary>
    public readonly struct View(ulong[][] pages)
    {
        public int Pages => pages.Length;

        /// <summary>A page: <see cref="Bits"/> runs of as many words as its length says, a bit for each of its rows.</summary>
        public ReadOnlySpan<ulong> Page(int number) => pages[number];
    }
}
