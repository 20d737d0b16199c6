using System.Numerics;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>The greatest of some values, or 0 when none is positive.</summary>
internal static class Greatest
{
    public static float Of(ReadOnlySpan<float> values)
    {
        var lanes = Vector<float>.Zero;
        var at = 0;
        for (; at <= values.Length - Vector<float>.Count; at += Vector<float>.Count)
            lanes = Vector.Max(lanes, new Vector<float>(values[at..]));
        var greatest = In(values, at, values.Length);
        for (var i = 0; i < Vector<float>.Count; i++)
            greatest = lanes[i] > greatest ? lanes[i] : greatest;
        return greatest;
    }

    /// <summary>Of a few values.</summary>
    public static float In(ReadOnlySpan<float> values, int start, int end)
    {
        var best = 0f;
        for (var i = start; i < end; i++)
            best = values[i] > best ? values[i] : best;
        return best;
    }
}
