namespace MemoryOrleans.Quantise;

/// <summary>
/// Symmetric quantisation of a matrix: element ≈ integer × scale, the scale being the greatest magnitude of its column or
/// row over the number of levels.
/// </summary>
internal static class QuantiseMatrix
{
    // Seven bits for products: two of them cannot saturate the 16-bit sums of processors without VNNI, so all give the same.
    private const int ProductLevels = 63;
    private const int TableLevels = 127;
    private const float ScaleMin = 1e-11f;

    /// <summary>Of a matrix that activations are multiplied with.</summary>
    public static (sbyte[] Elements, float[] Scales) ByColumn(OnnxTensor matrix)
    {
        var columns = checked((int)matrix.Shape[1]);
        return Run(matrix.Floats, ProductLevels, columns, i => i % columns);
    }

    /// <summary>Of a table whose rows are looked up.</summary>
    public static (sbyte[] Elements, float[] Scales) ByRow(OnnxTensor matrix)
    {
        var columns = checked((int)matrix.Shape[1]);
        return Run(matrix.Floats, TableLevels, checked((int)matrix.Shape[0]), i => i / columns);
    }

    /// <param name="scaleOf">The number of an element's scale.</param>
    private static (sbyte[] Elements, float[] Scales) Run(ReadOnlySpan<float> elements, int levels, int scaleCount, Func<int, int> scaleOf)
    {
        var scales = new float[scaleCount];
        for (var i = 0; i < elements.Length; i++)
        {
            ref var scale = ref scales[scaleOf(i)];
            scale = Math.Max(scale, Math.Abs(elements[i]));
        }

        for (var i = 0; i < scales.Length; i++)
            scales[i] = Math.Max(scales[i] / levels, ScaleMin);
        var rounded = new sbyte[elements.Length];
        for (var i = 0; i < elements.Length; i++)
            rounded[i] = (sbyte)Math.Clamp(MathF.Round(elements[i] / scales[scaleOf(i)]), -levels, levels);
        return (rounded, scales);
    }
}
