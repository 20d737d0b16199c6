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
    private const int RowsAtOnce = 4;

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

    /// <summary>
    /// The rows' dot products with a query widened to 16 bits; all rows and the query have <paramref name="stride"/> elements.
    /// </summary>
    public static void Dot(ReadOnlySpan<sbyte> rows, int stride, ReadOnlySpan<short> query, Span<int> products)
    {
        var done = 0;
        if (Avx2.IsSupported)
        {
            // Several rows at once read each part of the query once.
            ref var asked = ref MemoryMarshal.GetReference(query);
            for (; done + RowsAtOnce <= products.Length; done += RowsAtOnce)
            {
                var four = rows.Slice(done * stride, RowsAtOnce * stride);
                DotRows(ref MemoryMarshal.GetReference(four), ref asked, stride).CopyTo(products[done..]);
            }

            for (; done < products.Length; done++)
                products[done] = DotAvx2(ref MemoryMarshal.GetReference(rows.Slice(done * stride, stride)), ref asked, stride);
        }

        for (; done < products.Length; done++)
            products[done] = DotPortable(rows.Slice(done * stride, stride), query);
    }

    // Of four rows, eight partial sums each.
    private readonly record struct Sums(Vector256<int> First, Vector256<int> Second, Vector256<int> Third, Vector256<int> Fourth);

    // Four rows: their sums side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> DotRows(ref sbyte rows, ref short query, int stride)
    {
        var (first, second, third, fourth) = Avx512BW.IsSupported
            ? SumsAvx512(ref rows, ref query, (nuint)stride)
            : SumsAvx2(ref rows, ref query, (nuint)stride);
        var pairs = Avx2.HorizontalAdd(Avx2.HorizontalAdd(first, second), Avx2.HorizontalAdd(third, fourth));
        return pairs.GetLower() + pairs.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Sums SumsAvx2(ref sbyte rows, ref short query, nuint stride)
    {
        Vector256<int> first = default, second = default, third = default, fourth = default;
        AddLanes(ref rows, ref query, stride, 0, ref first, ref second, ref third, ref fourth);
        return new Sums(first, second, third, fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Sums SumsAvx512(ref sbyte rows, ref short query, nuint stride)
    {
        Vector512<int> a = default, b = default, c = default, d = default;
        nuint at = 0;
        for (; at + (2 * Lane) <= stride; at += 2 * Lane)
        {
            var asked = Vector512.LoadUnsafe(ref query, at);
            a += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref rows, at)), asked);
            b += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref rows, at + stride)), asked);
            c += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref rows, at + (2 * stride))), asked);
            d += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref rows, at + (3 * stride))), asked);
        }

        var (first, second) = (a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper());
        var (third, fourth) = (c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper());
        AddLanes(ref rows, ref query, stride, at, ref first, ref second, ref third, ref fourth);
        return new Sums(first, second, third, fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLanes(
        ref sbyte rows, ref short query, nuint stride, nuint at,
        ref Vector256<int> first, ref Vector256<int> second, ref Vector256<int> third, ref Vector256<int> fourth)
    {
        for (; at < stride; at += Lane)
        {
            var asked = Vector256.LoadUnsafe(ref query, at);
            first += Product(ref rows, at, asked);
            second += Product(ref rows, at + stride, asked);
            third += Product(ref rows, at + (2 * stride), asked);
            fourth += Product(ref rows, at + (3 * stride), asked);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Product(ref sbyte row, nuint at, Vector256<short> asked) =>
        Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref row, at)), asked);

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
