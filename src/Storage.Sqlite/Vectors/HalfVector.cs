using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>A vector as stored: elements of two bytes. Half precision costs a cosine of unit vectors about 0.0001.</summary>
internal static class HalfVector
{
    public static byte[] Encode(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(ushort)];
        TensorPrimitives.ConvertToHalf(vector, MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()));
        return bytes;
    }

    public static float[] Decode(ReadOnlySpan<byte> stored)
    {
        var vector = new float[stored.Length / sizeof(ushort)];
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(stored), vector);
        return vector;
    }

    /// <param name="scratch">As long as the vector.</param>
    public static float Dot(ReadOnlySpan<byte> stored, ReadOnlySpan<float> question, Span<float> scratch)
    {
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(stored), scratch);
        return TensorPrimitives.Dot(scratch, question);
    }
}
