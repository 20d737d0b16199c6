using System.Buffers.Text;

namespace MemoryOrleans.Bench.Load.Http;

/// <summary>One request's bytes, head and body in one piece so that one send carries it; reused from request to request.</summary>
internal sealed class RequestBuffer
{
    private const int LengthDigits = 10;
    private byte[] _bytes = new byte[4096];
    private int _length;
    private int _bodyStart;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public ReadOnlySpan<byte> Body => _bytes.AsSpan(_bodyStart, _length - _bodyStart);

    public int Length => _length;

    public void Clear() => _length = _bodyStart = 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Write(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    public void WriteNumber(long value)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out var written);
        _length += written;
    }

    /// <summary>Replaces the ASCII letter at <paramref name="position"/> by its capital.</summary>
    public void Capitalise(int position)
    {
        if (_bytes[position] is >= (byte)'a' and <= (byte)'z')
            _bytes[position] -= 32;
    }

    /// <summary>Ends the head with room for a length that <see cref="EndBody"/> fills in.</summary>
    public void BeginBody()
    {
        Write("Content-Length:           \r\n\r\n"u8);
        _bodyStart = _length;
    }

    public void EndBody()
    {
        Span<byte> digits = stackalloc byte[LengthDigits];
        Utf8Formatter.TryFormat(_length - _bodyStart, digits, out var written);
        digits[..written].CopyTo(_bytes.AsSpan(_bodyStart - 4 - written));
    }

    private void Reserve(int more)
    {
        if (_length + more > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
