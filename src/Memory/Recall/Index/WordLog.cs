namespace MemoryOrleans.Recall.Index;

/// <summary>
/// The words of all of a partition's turns in their order, as <see cref="WordCode"/>s: 2 bytes a word. Append-only, one writer;
/// readers keep to the count they were given.
/// </summary>
internal sealed class WordLog
{
    private const int PageWords = 16_384;
    private const int FirstWords = 64;

    private ushort[][] pages = [];

    public int Count { get; private set; }

    public long Bytes => pages.Sum(static page => (long)page.Length) * sizeof(ushort);

    public View Read() => new(Volatile.Read(ref pages));

    public void Append(ReadOnlySpan<ushort> words)
    {
        while (!words.IsEmpty)
        {
            var (page, at) = (Count / PageWords, Count % PageWords);
            var taken = Math.Min(words.Length, PageWords - at);
            MakeRoom(page, at + taken);
            words[..taken].CopyTo(pages[page].AsSpan(at));
            Count += taken;
            words = words[taken..];
        }
    }

    private void MakeRoom(int page, int length)
    {
        if (page == pages.Length)
            Volatile.Write(ref pages, [.. pages, new ushort[page == 0 ? FirstWords : PageWords]]);
        if (pages[page].Length >= length)
            return;
        var grown = new ushort[Math.Min(PageWords, Math.Max(length, pages[page].Length * 2))];
        pages[page].CopyTo(grown.AsSpan());
        ushort[][] replaced = [.. pages];
        replaced[page] = grown;
        Volatile.Write(ref pages, replaced);
    }

    /// <summary>A reader's hold on the words.</summary>
    public readonly struct View(ushort[][] pages)
    {
        /// <summary>Words from one on: in place where they lie in one page, else copied to <paramref name="room"/>.</summary>
        /// <param name="room">At least as long as <paramref name="count"/>.</param>
        public ReadOnlySpan<ushort> Read(int from, int count, Span<ushort> room)
        {
            var (page, at) = (from / PageWords, from % PageWords);
            return at + count <= PageWords ? InPage(page, at, count) : Copy(page, at, room[..count]);
        }

        public ReadOnlySpan<ushort> Read(int from, int count)
        {
            var (page, at) = (from / PageWords, from % PageWords);
            return at + count <= PageWords ? InPage(page, at, count) : Copy(page, at, new ushort[count]);
        }

        public ushort this[int index] => pages[(uint)index / PageWords][(uint)index % PageWords];

        private ReadOnlySpan<ushort> InPage(int page, int at, int count) => count == 0 ? [] : pages[page].AsSpan(at, count);

        private Span<ushort> Copy(int page, int at, Span<ushort> room)
        {
            for (var done = 0; done < room.Length;)
            {
                var taken = Math.Min(room.Length - done, PageWords - at);
                pages[page].AsSpan(at, taken).CopyTo(room[done..]);
                done += taken;
                (page, at) = (page + 1, 0);
            }

            return room;
        }
    }
}
