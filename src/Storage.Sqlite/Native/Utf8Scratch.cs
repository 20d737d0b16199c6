using System.Text;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>A reused buffer for handing text to SQLite, which copies it while binding.</summary>
internal sealed class Utf8Scratch
{
    private const int KeptBytesMax = 256 * 1024;

    private byte[] buffer = new byte[4096];

    /// <summary>The UTF-8 of <paramref name="text"/>, valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(string text)
    {
        var bytesMax = Encoding.UTF8.GetMaxByteCount(text.Length);
        var target = bytesMax <= buffer.Length ? buffer : Grow(bytesMax);
        return target.AsSpan(0, Encoding.UTF8.GetBytes(text, target));
    }

    private byte[] Grow(int bytes)
    {
        var grown = new byte[bytes];
        if (bytes <= KeptBytesMax)
            buffer = grown;
        return grown;
    }
}
