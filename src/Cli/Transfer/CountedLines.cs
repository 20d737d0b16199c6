namespace MemoryOrleans.Cli.Transfer;

/// <summary>A stream's beginning and its rest as one stream, which tells how many lines have passed.</summary>
internal sealed class CountedLines(ReadOnlyMemory<byte> begun, Stream rest, Action<long> progress) : Stream
{
    private ReadOnlyMemory<byte> waiting = begun;
    private long lines;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        if (waiting.IsEmpty)
        {
            read = await rest.ReadAsync(buffer, cancellationToken);
        }
        else
        {
            read = Math.Min(buffer.Length, waiting.Length);
            waiting[..read].CopyTo(buffer);
            waiting = waiting[read..];
        }

        lines += buffer.Span[..read].Count((byte)'\n');
        progress(lines);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
