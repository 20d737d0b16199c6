using Pgvector;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Values of pgvector's type <c>halfvec</c>: 16-bit elements, half the size in tables and indexes.</summary>
internal static class HalfVectors
{
    public static HalfVector Of(ReadOnlySpan<float> vector)
    {
        var elements = new Half[vector.Length];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = (Half)vector[i];
        return new HalfVector(elements);
    }

    public static float[] ToFloats(HalfVector vector)
    {
        var elements = vector.ToArray();
        var floats = new float[elements.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = (float)elements[i];
        return floats;
    }
}
