using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace MemoryOrleans.Gateway.Sessions;

/// <summary>The opaque cursor of a listing of turns: the last <c>seq</c> of the page before.</summary>
internal static class TurnCursor
{
    private const string Prefix = "seq:";

    public static string Of(long afterSeq) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Prefix + afterSeq.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reads a cursor; none is the beginning.</summary>
    public static bool TryParse(string? cursor, out long afterSeq)
    {
        afterSeq = 0;
        if (cursor is null)
            return true;
        Span<byte> bytes = stackalloc byte[64];
        if (cursor.Length > bytes.Length || !Base64Url.IsValid(cursor)
            || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length))
        {
            return false;
        }

        var text = Encoding.ASCII.GetString(bytes[..length]);
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out afterSeq);
    }
}
