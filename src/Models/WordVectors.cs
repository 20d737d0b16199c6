using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace MemoryOrleans.Models;

/// <summary>
/// A table of word vectors: 30,000 English words, 100 dimensions, 8 bits each (see NOTICE). A word's vector is its row
/// times its scale; its rank, 0-based, is its place by frequency in the full list of 400,000 words.
/// </summary>
internal sealed class WordVectors
{
    private const string Resource = "glove_30k_int8.bin";
    private const int HeaderBytes = 16;
    private readonly Dictionary<string, int> rows;
    private readonly byte[] table;
    private readonly int vectorsAt;
    private readonly float[] scales;
    private readonly int[] ranks;

    private WordVectors(byte[] table)
    {
        if (!table.AsSpan(0, 4).SequenceEqual("GVQ1"u8))
            throw new InvalidDataException("The word vector table does not begin with GVQ1.");
        this.table = table;
        var count = BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(4));
        Dimensions = BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(8));
        var wordBytes = BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(12));
        var words = Encoding.UTF8.GetString(table, HeaderBytes, wordBytes).Split('\n');
        var scalesAt = HeaderBytes + wordBytes;
        var ranksAt = scalesAt + (2 * count);
        vectorsAt = ranksAt + (3 * count);
        rows = new Dictionary<string, int>(count, StringComparer.Ordinal);
        scales = new float[count];
        ranks = new int[count];
        for (var i = 0; i < count; i++)
        {
            rows.Add(words[i], i);
            scales[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(table.AsSpan(scalesAt + (2 * i)));
            var rank = table.AsSpan(ranksAt + (3 * i), 3);
            ranks[i] = rank[0] | (rank[1] << 8) | (rank[2] << 16);
        }
    }

    public int Dimensions { get; }

    public IEnumerable<string> Words => rows.Keys;

    public static WordVectors Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidDataException($"{Resource} is not in the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new WordVectors(bytes);
    }

    /// <summary>The row of a lower-case word, or -1.</summary>
    public int Find(ReadOnlySpan<char> word) =>
        rows.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var row) ? row : -1;

    public int RankOf(int row) => ranks[row];

    /// <summary>
    /// Adds <paramref name="weight"/> times the word's vector. Each component by itself, so that every machine gives the same sum.
    /// </summary>
    public void AddTo(Span<float> sum, int row, float weight)
    {
        const int lane = 16;
        var factor = scales[row] * weight;
        var components = MemoryMarshal.Cast<byte, sbyte>(table.AsSpan(vectorsAt + (row * Dimensions), Dimensions));
        var at = 0;
        for (; at + lane <= components.Length; at += lane)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(components[at..]));
            Add(sum[at..], low, factor);
            Add(sum[(at + (lane / 2))..], high, factor);
        }

        for (; at < components.Length; at++)
            sum[at] += factor * components[at];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Span<float> sum, Vector128<short> components, float factor)
    {
        var (low, high) = Vector128.Widen(components);
        (Vector128.Create<float>(sum) + (Vector128.ConvertToSingle(low) * factor)).CopyTo(sum);
        (Vector128.Create<float>(sum[4..]) + (Vector128.ConvertToSingle(high) * factor)).CopyTo(sum[4..]);
    }
}
