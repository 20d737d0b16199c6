using System.Runtime.CompilerServices;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// Append-only list in blocks of <see cref="BlockRows"/> rows of <c>stride</c> elements. One writer; readers take a
/// <see cref="View"/> and stay below the count they were given, so that growing never moves what they read and never
/// needs a copy of more than one block.
/// </summary>
internal sealed class Blocks<T>(int stride = 1)
    where T : struct
{
    public const int BlockRows = 1024;
    private const int FirstRows = 16;

    private T[][] directory = [];

    public int Count { get; private set; }

    /// <summary>The blocks as they are now. Valid for every row below the present <see cref="Count"/>.</summary>
    public View Read() => new(Volatile.Read(ref directory), stride);

    /// <summary>Adds one row of <c>stride</c> default elements, to be written through the returned span.</summary>
    public Span<T> Append()
    {
        var block = Count / BlockRows;
        var row = Count % BlockRows;
        if (block == directory.Length)
            Volatile.Write(ref directory, [.. directory, new T[(block == 0 ? FirstRows : BlockRows) * stride]]);
        else if (row * stride == directory[block].Length)
            GrowFirst();
        Count++;
        return directory[block].AsSpan(row * stride, stride);
    }

    public void Append(T value) => Append()[0] = value;

    /// <summary>A row already appended. Writing is allowed only to fields that readers below their count ignore.</summary>
    public ref T Row(int index) => ref directory[index / BlockRows][(index % BlockRows) * stride];

    /// <summary>Bytes held, slack included.</summary>
    public long Bytes => directory.Sum(static block => (long)block.Length) * Unsafe.SizeOf<T>();

    private void GrowFirst()
    {
        var grown = new T[Math.Min(directory[0].Length * 2, BlockRows * stride)];
        directory[0].CopyTo(grown.AsSpan());
        Volatile.Write(ref directory, [grown]);
    }

    /// <summary>A reader's hold on the blocks.</summary>
    public readonly struct View(T[][] directory, int stride)
    {
        public ref readonly T this[int index] =>
            ref directory[(uint)index / BlockRows][((uint)index % BlockRows) * (uint)stride];

        /// <summary>Rows of one block, from its first; the caller keeps to its own count.</summary>
        public ReadOnlySpan<T> Block(int block) => directory[block];

        public ReadOnlySpan<T> Row(int index) => directory[index / BlockRows].AsSpan((index % BlockRows) * stride, stride);
    }
}
