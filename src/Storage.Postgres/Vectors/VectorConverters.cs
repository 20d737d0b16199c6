using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MemoryOrleans.Storage.Postgres;

internal sealed class VectorConverter() : ElementConverter<Vector>(sizeof(float))
{
    protected override int Dimension(Vector value) => value.Elements.Length;

    protected override void Encode(Vector value, Span<byte> target) =>
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(value.Elements), MemoryMarshal.Cast<byte, int>(target));

    protected override Vector Decode(ReadOnlySpan<byte> source, int dimension)
    {
        var elements = new float[dimension];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(source), MemoryMarshal.Cast<float, int>(elements.AsSpan()));
        return new Vector(elements);
    }
}

internal sealed class HalfVectorConverter() : ElementConverter<HalfVector>(sizeof(ushort))
{
    protected override int Dimension(HalfVector value) => value.Elements.Length;

    protected override void Encode(HalfVector value, Span<byte> target) =>
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<Half, short>(value.Elements), MemoryMarshal.Cast<byte, short>(target));

    protected override HalfVector Decode(ReadOnlySpan<byte> source, int dimension)
    {
        var elements = new Half[dimension];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, short>(source), MemoryMarshal.Cast<Half, short>(elements.AsSpan()));
        return new HalfVector(elements);
    }
}
