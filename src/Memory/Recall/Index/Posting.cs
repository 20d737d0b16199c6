namespace MemoryOrleans.Recall.Index;

/// <summary>
/// One occurrence record, packed into 32 bits: chunk number (24), whether the turn's date is the term (1), and how often
/// the text says it (7, saturating at 127).
/// </summary>
internal readonly record struct Posting(uint Packed)
{
    /// <summary>Chunks one partition can hold.</summary>
    public const int ChunksMax = 1 << 24;
    private const int CountMax = 127;
    private const uint DateFlag = 128;

    public static Posting Of(int chunk, int count, bool isDate) =>
        new(((uint)chunk << 8) | (isDate ? DateFlag : 0) | (uint)Math.Min(count, CountMax));

    public static int ChunkOf(uint packed) => (int)(packed >> 8);

    /// <summary>Occurrences in the text, without the date.</summary>
    public static int TextCountOf(uint packed) => (int)(packed & CountMax);

    /// <summary>Occurrences with the date's.</summary>
    public static int CountOf(uint packed) => (int)(packed & CountMax) + (int)((packed >> 7) & 1);

    public static uint MoveTo(uint packed, int chunk) => ((uint)chunk << 8) | (packed & 0xFF);
}

/// <summary>The postings of one term. Most terms occur once, so the first posting needs no array.</summary>
internal sealed class PostingList
{
    private uint single;
    private uint[]? many;
    private int count;

    public void Append(uint posting)
    {
        if (count == 0)
        {
            single = posting;
        }
        else
        {
            if (many is null)
                many = [single, 0, 0];
            else if (count == many.Length)
                Volatile.Write(ref many, Grow(many));
            many[count] = posting;
        }

        Volatile.Write(ref count, count + 1);
    }

    public ReadOnlySpan<uint> Read()
    {
        var length = Volatile.Read(ref count);
        if (length < 2)
            return length == 0 ? [] : new ReadOnlySpan<uint>(in single);
        return Volatile.Read(ref many).AsSpan(0, length);
    }

    public long Bytes => 48 + (many is null ? 0 : 24 + (many.Length * 4L));

    private static uint[] Grow(uint[] full)
    {
        var grown = new uint[full.Length + Math.Max(2, full.Length / 3)];
        full.CopyTo(grown, 0);
        return grown;
    }
}
