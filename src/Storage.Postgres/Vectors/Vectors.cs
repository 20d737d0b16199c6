namespace MemoryOrleans.Storage.Postgres;

/// <summary>A value of pgvector's type <c>vector</c>: 32-bit elements.</summary>
public readonly record struct Vector(float[] Elements);

/// <summary>A value of pgvector's type <c>halfvec</c>: 16-bit elements, half the size in tables and indexes.</summary>
public readonly record struct HalfVector(Half[] Elements)
{
    public static HalfVector Of(ReadOnlySpan<float> vector)
    {
        var elements = new Half[vector.Length];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = (Half)vector[i];
        return new HalfVector(elements);
    }
}
