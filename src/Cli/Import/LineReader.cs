namespace MemoryOrleans.Cli.Import;

/// <summary>The input's lines, one at a time.</summary>
internal sealed class LineReader(InputBuffer input)
{
    /// <summary>No turn within the API's limits makes a longer line.</summary>
    public const int LineBytesMax = 1024 * 1024;

    private int consumed;

    /// <summary>The number of the line last read, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its end, valid until the next call; null after the last.</summary>
    /// <exception cref="BadTurnException">The line is longer than 1 MiB.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel)
    {
        input.Pass(consumed);
        consumed = 0;
        var searched = 0;
        while (true)
        {
            var at = input.Unread.Span[searched..].IndexOf((byte)'\n');
            if (at >= 0)
                return Take(searched + at, lineEnd: 1);
            searched = input.Unread.Length;
            CheckLength(searched);
            if (await input.FillAsync(cancel))
                continue;
            if (searched == 0)
                return null;
            return Take(searched, lineEnd: 0);
        }
    }

    private ReadOnlyMemory<byte> Take(int length, int lineEnd)
    {
        CheckLength(length);
        Number++;
        consumed = length + lineEnd;
        var line = input.Unread[..length];
        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private void CheckLength(int length)
    {
        if (length > LineBytesMax)
            throw new BadTurnException($"line {Number + 1}", null, "is longer than 1 MiB");
    }
}
