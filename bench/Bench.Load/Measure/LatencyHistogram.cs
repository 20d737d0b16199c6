using System.Numerics;

namespace MemoryOrleans.Bench.Load.Measure;

/// <summary>
/// Latencies in nanoseconds, in log-linear buckets as HdrHistogram has them: 128 to each power of two, so a value read
/// back is within 1/256 of the one recorded. Covers 0 to 2^41 ns (36 minutes); larger counts as the largest.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int ShiftMax = 33;
    private const long ValueMax = (1L << (SubBits + 1 + ShiftMax)) - 1;
    private readonly long[] _counts = new long[(ShiftMax + 2) << SubBits];

    public long Count { get; private set; }

    /// <summary>The largest value recorded, exactly.</summary>
    public long Max { get; private set; }

    public double Mean => Count == 0 ? 0 : (double)Sum / Count;

    private long Sum { get; set; }

    public void Record(long nanoseconds)
    {
        var value = Math.Clamp(nanoseconds, 0, ValueMax);
        _counts[BucketOf(value)]++;
        Count++;
        Sum += value;
        Max = Math.Max(Max, value);
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        Sum += other.Sum;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>
    /// The value (ns) that a share <paramref name="quantile"/> (0..1) of the recorded ones does not exceed; 0 when empty.
    /// </summary>
    public long ValueAt(double quantile)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
                return Math.Min(MiddleOf(i), Max);
        }

        return Max;
    }

    internal static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBits);
        return (shift << SubBits) + (int)(value >> shift);
    }

    internal static long MiddleOf(int bucket)
    {
        if (bucket < 2 << SubBits)
            return bucket;
        var shift = (bucket >> SubBits) - 1;
        var mantissa = (1L << SubBits) + (bucket & ((1 << SubBits) - 1));
        return (mantissa << shift) + (1L << (shift - 1));
    }
}
