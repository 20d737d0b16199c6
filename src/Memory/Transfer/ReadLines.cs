using System.Runtime.CompilerServices;

namespace MemoryOrleans.Transfer;

/// <summary>A line is longer than the limit.</summary>
public sealed class LineTooLongException(long line, int bytesMax)
    : IOException($"Line {line} is longer than {bytesMax} bytes.")
{
    /// <summary>Counted from 1.</summary>
    public long Line => line;
}

/// <summary>Cuts a stream into lines, each without its line feed. At most one line and a half is in memory.</summary>
public static class ReadLines
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Each line is good until the next is asked for. A last line without a line feed is a line too.</summary>
    /// <exception cref="LineTooLongException">A line is longer than <paramref name="lineBytesMax"/>.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> OfAsync(
        Stream stream, int lineBytesMax, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var buffer = new byte[BufferBytes];
        var (start, end, lines) = (0, 0, 0L);
        while (true)
        {
            var scanned = start;
            int feed;
            while ((feed = Array.IndexOf(buffer, (byte)'\n', scanned, end - scanned)) < 0)
            {
                if (end - start > lineBytesMax)
                    throw new LineTooLongException(lines + 1, lineBytesMax);
                scanned = end;
                if (end == buffer.Length)
                {
                    var shift = start;
                    MakeRoom(ref buffer, ref start, ref end);
                    scanned -= shift;
                }

                var read = await stream.ReadAsync(buffer.AsMemory(end), cancel);
                if (read == 0)
                {
                    if (end > start)
                        yield return buffer.AsMemory(start, end - start);
                    yield break;
                }

                end += read;
            }

            if (feed - start > lineBytesMax)
                throw new LineTooLongException(lines + 1, lineBytesMax);
            lines++;
            yield return buffer.AsMemory(start, feed - start);
            start = feed + 1;
        }
    }

    private static void MakeRoom(ref byte[] buffer, ref int start, ref int end)
    {
        var into = start > 0 ? buffer : new byte[2 * buffer.Length];
        buffer.AsSpan(start, end - start).CopyTo(into);
        (buffer, end, start) = (into, end - start, 0);
    }
}
