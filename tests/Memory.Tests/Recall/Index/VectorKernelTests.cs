using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Memory.Tests.Recall.Index;

public sealed class VectorKernelTests
{
    private const int Lane = 16;

    public static TheoryData<int> Strides => [.. Enumerable.Range(1, 40).Select(static lanes => lanes * Lane), 768, 1_536, 4_000];

    [Theory]
    [MemberData(nameof(Strides))]
    public void Every_path_gives_the_products_of_a_plain_loop(int stride)
    {
        const int rows = 33;
        var random = new Random(stride);
        var (matrix, query) = (new sbyte[rows * stride], new short[stride]);
        for (var i = 0; i < matrix.Length; i++)
            matrix[i] = (sbyte)random.Next(-128, 128);
        for (var i = 0; i < stride; i++)
            query[i] = (short)random.Next(-127, 128);

        AssertProducts(matrix, query);
    }

    [Theory]
    [MemberData(nameof(Strides))]
    public void The_largest_products_do_not_overflow(int stride)
    {
        AssertProducts([.. Enumerable.Repeat((sbyte)-127, 2 * stride)], [.. Enumerable.Repeat((short)127, stride)]);
        AssertProducts([.. Enumerable.Repeat((sbyte)-127, 2 * stride)], [.. Enumerable.Repeat((short)-127, stride)]);
    }

    [Fact]
    public void Nothing_to_multiply_is_no_error() => VectorKernel.Dot([], Lane, new short[Lane], []);

    [Theory]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    [InlineData(100, 112)]
    [InlineData(4_000, 4_000)]
    public void Rows_are_padded_to_sixteen(int dimensions, int stride) => Assert.Equal(stride, VectorKernel.StrideOf(dimensions));

    [Fact]
    public void Quantised_components_are_within_half_a_step() =>
        Prop.ForAll(VectorGen.ToArbitrary(), static vector =>
        {
            var row = new sbyte[vector.Length];
            var scale = VectorKernel.Quantize(vector, row);
            var largest = vector.Max(Math.Abs);
            Assert.Equal(largest / 127f, scale);
            Assert.DoesNotContain((sbyte)-128, row);
            for (var i = 0; i < vector.Length; i++)
                Assert.InRange(row[i] * (double)scale, vector[i] - (scale * 0.5001), vector[i] + (scale * 0.5001));
        }).Check(SameCases.Quick.WithMaxTest(500));

    [Fact]
    public void A_cosine_of_quantised_unit_vectors_is_off_by_little() =>
        Prop.ForAll(VectorGen.ToArbitrary(), VectorGen.ToArbitrary(), static (left, right) =>
        {
            var length = Math.Min(left.Length, right.Length);
            var (u, v) = (Unit(left[..length]), Unit(right[..length]));
            var (first, second) = (new sbyte[length], new sbyte[length]);
            var scale = VectorKernel.Quantize(u, first) * (double)VectorKernel.Quantize(v, second);
            var exact = u.Zip(v).Sum(static pair => pair.First * (double)pair.Second);
            var product = first.Zip(second).Sum(static pair => pair.First * pair.Second);
            // Each component is off by half a step of 1/127 of the largest, which is at most 1; two vectors, and by Cauchy–Schwarz:
            Assert.Equal(exact, product * scale, 2.01 * Math.Sqrt(length) / 254);
        }).Check(SameCases.Quick.WithMaxTest(500));

    [Fact]
    public void A_zero_vector_has_scale_zero_and_clears_the_row()
    {
        sbyte[] row = [1, 2, 3];

        Assert.Equal(0, VectorKernel.Quantize([0, 0, -0f], row));
        Assert.Equal([0, 0, 0], row);
    }

    private static Gen<float[]> VectorGen =>
        Gen.Choose(1, 130).SelectMany(static length => Gen.Choose(-1_000_000, 1_000_000).ArrayOf(length))
            .Where(static numbers => numbers.Any(static number => number != 0))
            .Select(static numbers => Array.ConvertAll(numbers, static number => number / 250_000f));

    private static float[] Unit(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(static component => component * (double)component));
        return Array.ConvertAll(vector, component => length == 0 ? 0 : (float)(component / length));
    }

    private static void AssertProducts(sbyte[] matrix, short[] query)
    {
        var stride = query.Length;
        var expected = matrix.Chunk(stride).Select(row => row.Zip(query).Sum(static pair => pair.First * pair.Second)).ToArray();
        var products = new int[expected.Length];
        VectorKernel.Dot(matrix, stride, query, products);
        Assert.Equal(expected, products);
        Assert.Equal(expected, matrix.Chunk(stride).Select(row => VectorKernel.DotPortable(row, query)));
    }
}
