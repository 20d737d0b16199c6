using System.Text;

namespace MemoryOrleans.Quantise;

/// <summary>
/// A protobuf message as its fields in their order, each as it stands in the file: what is not understood is written back
/// unchanged. Only the four wire types that ONNX files use.
/// </summary>
internal sealed class WireMessage
{
    private readonly List<WireField> fields = [];

    public IReadOnlyList<WireField> Fields => fields;

    /// <exception cref="InvalidDataException">The bytes are no protobuf message.</exception>
    public static WireMessage Parse(ReadOnlyMemory<byte> bytes)
    {
        var message = new WireMessage();
        var at = 0;
        while (at < bytes.Length)
        {
            var key = ReadVarint(bytes.Span, ref at);
            var (number, type) = ((int)(key >> 3), (WireType)(key & 7));
            message.fields.Add(type switch
            {
                WireType.Varint => new WireField(number, ReadVarint(bytes.Span, ref at)),
                WireType.Bytes => new WireField(number, type, Take(bytes, checked((int)ReadVarint(bytes.Span, ref at)), ref at)),
                WireType.Fixed32 => new WireField(number, type, Take(bytes, sizeof(uint), ref at)),
                WireType.Fixed64 => new WireField(number, type, Take(bytes, sizeof(ulong), ref at)),
                _ => throw new InvalidDataException($"Wire type {type} is not one that ONNX uses."),
            });
        }

        return message;
    }

    public WireMessage Add(WireField field)
    {
        fields.Add(field);
        return this;
    }

    public WireMessage Add(int number, ulong value) => Add(new WireField(number, value));

    public WireMessage Add(int number, ReadOnlyMemory<byte> bytes) => Add(new WireField(number, WireType.Bytes, bytes));

    public WireMessage Add(int number, string text) => Add(number, Encoding.UTF8.GetBytes(text));

    public WireMessage Add(int number, WireMessage message) => Add(number, message.ToBytes());

    public IEnumerable<WireField> All(int number) => fields.Where(field => field.Number == number);

    /// <summary>The text of the first such field; empty when there is none.</summary>
    public string TextOf(int number) => All(number).Select(static field => field.Text).FirstOrDefault() ?? string.Empty;

    public byte[] ToBytes()
    {
        var output = new MemoryStream();
        foreach (var field in fields)
        {
            WriteVarint(output, ((ulong)field.Number << 3) | (ulong)field.Type);
            if (field.Type == WireType.Varint)
            {
                WriteVarint(output, field.Value);
                continue;
            }

            if (field.Type == WireType.Bytes)
                WriteVarint(output, (ulong)field.Bytes.Length);
            output.Write(field.Bytes.Span);
        }

        return output.ToArray();
    }

    public static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        const int bitsPerByte = 7;
        var value = 0UL;
        for (var shift = 0; shift < sizeof(ulong) * 8; shift += bitsPerByte)
        {
            if (at == bytes.Length)
                break;
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("A number in the file has no end.");
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> bytes, int length, ref int at)
    {
        if (length > bytes.Length - at)
            throw new InvalidDataException("A field is longer than its message.");
        var taken = bytes.Slice(at, length);
        at += length;
        return taken;
    }

    private static void WriteVarint(MemoryStream output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            output.WriteByte((byte)(value | 0x80));
        output.WriteByte((byte)value);
    }
}

internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>A number, or bytes: a text, a message, or numbers packed.</summary>
internal readonly record struct WireField(int Number, WireType Type, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public WireField(int number, ulong value)
        : this(number, WireType.Varint, value, default)
    {
    }

    public WireField(int number, WireType type, ReadOnlyMemory<byte> bytes)
        : this(number, type, 0, bytes)
    {
    }

    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}
