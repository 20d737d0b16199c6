using System.Buffers.Text;

namespace MemoryOrleans.Bench.Load.Http;

/// <summary>Where response bytes come from: a socket, or a test's script. 0 means the end.</summary>
internal interface IByteSource
{
    int Read(Span<byte> into);
}

/// <summary>
/// Minimal HTTP/1.1 response parser for one response at a time: status, Content-Length, chunked and close-delimited
/// bodies, interim (1xx) answers. It allocates nothing once its buffer has grown to the largest response.
/// </summary>
internal sealed class ResponseReader(IByteSource source)
{
    private const int HeadBytesMax = 64 * 1024;
    private const int BytesMax = 256 * 1024 * 1024;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private int _bodyStart;
    private int _bodyEnd;
    private long _contentLength;
    private bool _chunked;

    public int Status { get; private set; }

    /// <summary>False when the server will close, or has closed, the connection after this response.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>True when the response says when to come again.</summary>
    public bool HasRetryAfter { get; private set; }

    /// <summary>Valid until the next <see cref="Read"/>.</summary>
    public ReadOnlyMemory<byte> Body => _buffer.AsMemory(_bodyStart, _bodyEnd - _bodyStart);

    /// <summary>Bytes of the last response, head included.</summary>
    public int Bytes { get; private set; }

    /// <summary>Forgets anything buffered; for a new connection.</summary>
    public void Reset() => _start = _end = 0;

    /// <summary>Reads one whole final response.</summary>
    /// <exception cref="EndOfStreamException">The connection ended inside the response.</exception>
    /// <exception cref="InvalidDataException">The bytes are not an HTTP/1.1 response, or it is too large.</exception>
    public void Read()
    {
        do
        {
            ShiftToFront();
            ReadHead();
        }
        while (Status < 200);

        if (Status is 204 or 304)
            _bodyEnd = _bodyStart;
        else if (_chunked)
            ReadChunks();
        else if (_contentLength >= 0)
            ReadCounted();
        else
            ReadToClose();
        Bytes = _start;
    }

    private void ReadHead()
    {
        var scanned = 0;
        int found;
        while ((found = _buffer.AsSpan(scanned, _end - scanned).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (_end > HeadBytesMax)
                throw new InvalidDataException("The response head is too large.");
            scanned = Math.Max(0, _end - 3);
            Fill();
        }

        var headEnd = scanned + found;
        ParseHead(_buffer.AsSpan(0, headEnd));
        _bodyStart = _bodyEnd = _start = headEnd + 4;
    }

    private void ParseHead(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !head.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out var used)
            || used != 3)
            throw new InvalidDataException("The answer is not HTTP/1.1.");
        Status = status;
        KeepAlive = head[7] == '1';
        _contentLength = -1;
        _chunked = false;
        HasRetryAfter = false;
        var lineEnd = head.IndexOf("\r\n"u8);
        while (lineEnd >= 0)
        {
            head = head[(lineEnd + 2)..];
            lineEnd = head.IndexOf("\r\n"u8);
            ParseHeader(lineEnd < 0 ? head : head[..lineEnd]);
        }
    }

    private void ParseHeader(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon is not (10 or 11 or 14 or 17))
            return;
        var name = line[..colon];
        var value = line[(colon + 1)..].Trim((byte)' ');
        if (colon == 14 && IsNamed(name, "content-length"u8))
        {
            if (!Utf8Parser.TryParse(value, out _contentLength, out var used) || used != value.Length
                || _contentLength is < 0 or > BytesMax)
                throw new InvalidDataException("The Content-Length is not a usable number.");
        }
        else if (colon == 17 && IsNamed(name, "transfer-encoding"u8))
        {
            _chunked = IsNamed(value, "chunked"u8);
        }
        else if (colon == 11 && IsNamed(name, "retry-after"u8))
        {
            HasRetryAfter = value.Length > 0;
        }
        else if (colon == 10 && IsNamed(name, "connection"u8) && IsNamed(value, "close"u8))
        {
            KeepAlive = false;
        }
    }

    private static bool IsNamed(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase) =>
        System.Text.Ascii.EqualsIgnoreCase(text, lowerCase);

    private void ReadCounted()
    {
        _bodyEnd = _bodyStart + (int)_contentLength;
        FillTo(_bodyEnd);
        _start = _bodyEnd;
    }

    /// <summary>Chunks are moved together in place: the body ends up contiguous behind the head.</summary>
    private void ReadChunks()
    {
        while (true)
        {
            var line = ReadLine();
            if (!Utf8Parser.TryParse(line, out int size, out var used, 'x') || size < 0
                || (used < line.Length && line[used] is not ((byte)';' or (byte)' ')))
                throw new InvalidDataException("The chunk size is not a number.");
            if (size == 0)
                break;
            FillTo(_start + size + 2);
            _buffer.AsSpan(_start, size).CopyTo(_buffer.AsSpan(_bodyEnd));
            _bodyEnd += size;
            _start += size + 2;
        }

        while (ReadLine().Length > 0)
        {
            // Trailers say nothing this program needs.
        }
    }

    private ReadOnlySpan<byte> ReadLine()
    {
        int found;
        while ((found = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
            Fill();
        var line = _buffer.AsSpan(_start, found);
        _start += found + 2;
        return line;
    }

    private void ReadToClose()
    {
        KeepAlive = false;
        while (TryFill())
        {
            // Until the server closes.
        }

        _bodyEnd = _start = _end;
    }

    private void FillTo(int position)
    {
        while (_end < position)
        {
            if (position > _buffer.Length)
                Grow(position);
            Fill();
        }
    }

    private void Fill()
    {
        if (!TryFill())
            throw new EndOfStreamException("The server closed the connection.");
    }

    private bool TryFill()
    {
        if (_end == _buffer.Length)
            Grow(_end + 1);
        var read = source.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    private void Grow(int atLeast)
    {
        if (atLeast > BytesMax)
            throw new InvalidDataException("The response is too large.");
        Array.Resize(ref _buffer, Math.Max(atLeast, _buffer.Length * 2));
    }

    private void ShiftToFront()
    {
        if (_start > 0 && _end > _start)
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }
}
