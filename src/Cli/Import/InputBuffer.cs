namespace MemoryOrleans.Cli.Import;

/// <summary>A stream's bytes as they come: what is unread stays in one buffer, which grows only as far as its readers wait.</summary>
internal sealed class InputBuffer(Stream stream)
{
    private byte[] bytes = new byte[64 * 1024];
    private int start;
    private int end;
    private bool atStart = true;

    /// <summary>What has come and was not passed yet; valid until the next <see cref="FillAsync"/>.</summary>
    public ReadOnlyMemory<byte> Unread => bytes.AsMemory(start, end - start);

    /// <summary>How many bytes were passed so far.</summary>
    public long Position { get; private set; }

    public void Pass(int count)
    {
        start += count;
        Position += count;
    }

    /// <summary>Waits for more bytes; false at the end.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        var came = await ReadAsync(cancel);
        if (!atStart)
            return came;
        atStart = false;
        while (Unread.Length < ByteOrderMark.Length && await ReadAsync(cancel))
            continue;
        if (Unread.Span.StartsWith(ByteOrderMark))
            Pass(ByteOrderMark.Length);
        return came;
    }

    private static ReadOnlySpan<byte> ByteOrderMark => "\ufeff"u8;

    private async ValueTask<bool> ReadAsync(CancellationToken cancel)
    {
        MakeRoom();

        // A read of a terminal or pipe cannot be cancelled; we can only stop waiting for it.
        var count = await stream.ReadAsync(bytes.AsMemory(end), cancel).AsTask().WaitAsync(cancel);
        end += count;
        return count > 0;
    }

    private void MakeRoom()
    {
        if (start > 0)
        {
            Unread.CopyTo(bytes);
            end -= start;
            start = 0;
        }

        if (end == bytes.Length)
            Array.Resize(ref bytes, bytes.Length * 2);
    }
}
