using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// Int8 vectors: a row holds round(v / scale) with scale = max|v| / 127, so that v · w ≈ scale_v × scale_w × (row · row),
/// the last being an exact integer whatever the instruction set.
/// </summary>
internal static class VectorKernel
{
    private const int Lane = 16;

    /// <summary>Bytes of a padded row: the dimensions rounded up to 16.</summary>
    public static int StrideOf(int dimensions) => (dimensions + Lane - 1) / Lane * Lane;

    /// <summary>Writes the quantised vector and returns its scale; a zero vector has scale 0.</summary>
    public static float Quantize(ReadOnlySpan<float> vector, Span<sbyte> row)
    {
        var largest = 0f;
        foreach (var component in vector)
            largest = Math.Max(largest, Math.Abs(component));
        if (largest == 0)
        {
            row.Clear();
            return 0;
        }

        var scale = largest / 127f;
        for (var i = 0; i < vector.Length; i++)
            row[i] = (sbyte)Math.Clamp((int)MathF.Round(vector[i] / scale), -127, 127);
        return scale;
    }

    /// <summary>The rows' dot products with a query widened to 16 bits; all rows and the query have <paramref name="stride"/> elements.</summary>
    public static void Dot(ReadOnlySpan<sbyte> rows, int stride, ReadOnlySpan<short> query, Span<int> products)
    {
        if (Avx2.IsSupported)
        {
            for (var i = 0; i < products.Length; i++)
                products[i] = DotAvx2(ref MemoryMarshal.GetReference(rows[(i * stride)..]), ref MemoryMarshal.GetReference(query), stride);
        }
        else
        {
            for (var i = 0; i < products.Length; i++)
                products[i] = DotPortable(rows.Slice(i * stride, stride), query);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int DotAvx2(ref sbyte row, ref short query, int stride)
    {
        var even = Vector256<int>.Zero;
        var odd = Vector256<int>.Zero;
        nuint at = 0;
        for (; at + Lane < (nuint)stride; at += 2 * Lane)
        {
            even += Product(ref row, ref query, at);
            odd += Product(ref row, ref query, at + Lane);
        }

        if (at < (nuint)stride)
            even += Product(ref row, ref query, at);
        return Vector256.Sum(even + odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Product(ref sbyte row, ref short query, nuint at) => Avx2.MultiplyAddAdjacent(
        Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref row, at)), Vector256.LoadUnsafe(ref query, at));

    internal static int DotPortable(ReadOnlySpan<sbyte> row, ReadOnlySpan<short> query)
    {
        var sum = Vector128<int>.Zero;
        for (var at = 0; at < row.Length; at += Lane)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(row), (nuint)at));
            sum += Product(low, Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(query), (nuint)at));
            sum += Product(high, Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(query), (nuint)at + 8));
        }

        return Vector128.Sum(sum);
    }

    private static Vector128<int> Product(Vector128<short> left, Vector128<short> right)
    {
        var (lowLeft, highLeft) = Vector128.Widen(left);
        var (lowRight, highRight) = Vector128.Widen(right);
        return (lowLeft * lowRight) + (highLeft * highRight);
    }
}
