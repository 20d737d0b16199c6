#pragma warning disable NPG9001 // See VectorMapping.
using System.Buffers;
using System.Buffers.Binary;
using Npgsql.Internal;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>pgvector's binary form: two bytes of dimension, two of zero, then the elements, all big-endian.</summary>
internal abstract class ElementConverter<T>(int elementSize) : PgStreamingConverter<T>
{
    private const int HeaderSize = 4;

    public override Size GetSize(SizeContext context, T value, ref object? writeState) => HeaderSize + (elementSize * Dimension(value));

    public override void Write(PgWriter writer, T value) => WriteAsync(async: false, writer, value, CancellationToken.None).GetAwaiter().GetResult();

    public override ValueTask WriteAsync(PgWriter writer, T value, CancellationToken cancellationToken = default) =>
        WriteAsync(async: true, writer, value, cancellationToken);

    public override T Read(PgReader reader) => ReadAsync(async: false, reader, CancellationToken.None).GetAwaiter().GetResult();

    public override ValueTask<T> ReadAsync(PgReader reader, CancellationToken cancellationToken = default) =>
        ReadAsync(async: true, reader, cancellationToken);

    protected abstract int Dimension(T value);

    protected abstract void Encode(T value, Span<byte> target);

    protected abstract T Decode(ReadOnlySpan<byte> source, int dimension);

    private async ValueTask WriteAsync(bool async, PgWriter writer, T value, CancellationToken cancel)
    {
        var length = HeaderSize + (elementSize * Dimension(value));
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, checked((ushort)Dimension(value)));
            (bytes[2], bytes[3]) = (0, 0);
            Encode(value, bytes.AsSpan(HeaderSize, length - HeaderSize));
            if (async)
                await writer.WriteBytesAsync(bytes.AsMemory(0, length), cancel);
            else
                writer.WriteBytes(bytes.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private async ValueTask<T> ReadAsync(bool async, PgReader reader, CancellationToken cancel)
    {
        var length = reader.CurrentRemaining;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (async)
                await reader.ReadBytesAsync(bytes.AsMemory(0, length), cancel);
            else
                reader.ReadBytes(bytes.AsSpan(0, length));
            return Decode(bytes.AsSpan(HeaderSize, length - HeaderSize), BinaryPrimitives.ReadUInt16BigEndian(bytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
