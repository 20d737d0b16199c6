using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Models.Neural;

/// <summary>
/// Vectors by the digest of what they were asked for; the one unused longest goes first. Holds no text. Safe for concurrent use.
/// </summary>
internal sealed class VectorCache(long bytesMax)
{
    // Node, dictionary entry, key and array header.
    private const int EntryOverheadBytes = 200;

    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, LinkedListNode<(UInt128 Key, float[] Vector)>> entries = [];
    private readonly LinkedList<(UInt128 Key, float[] Vector)> byUse = new();
    private long bytes;

    public int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    /// <summary>The first half of a SHA-256 over all four.</summary>
    public static UInt128 KeyOf(string? model, int? dimensions, TextRole role, string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{model}\n{dimensions}\n{role}\n"));
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return MemoryMarshal.Read<UInt128>(digest);
    }

    public bool TryGet(UInt128 key, [NotNullWhen(true)] out float[]? vector)
    {
        lock (gate)
        {
            vector = null;
            if (!entries.TryGetValue(key, out var node))
                return false;
            byUse.Remove(node);
            byUse.AddFirst(node);
            vector = node.Value.Vector;
            return true;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            entries.Clear();
            byUse.Clear();
            bytes = 0;
        }
    }

    public void Add(UInt128 key, float[] vector)
    {
        var size = SizeOf(vector);
        if (size > bytesMax)
            return;
        lock (gate)
        {
            if (!entries.TryAdd(key, new LinkedListNode<(UInt128, float[])>((key, vector))))
                return;
            byUse.AddFirst(entries[key]);
            bytes += size;
            while (bytes > bytesMax && byUse.Last is { } oldest)
            {
                byUse.RemoveLast();
                entries.Remove(oldest.Value.Key);
                bytes -= SizeOf(oldest.Value.Vector);
            }
        }
    }

    private static long SizeOf(float[] vector) => EntryOverheadBytes + (long)vector.Length * sizeof(float);
}
