using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>
/// Makes JSON readable whose texts are no Unicode. JSON may escape half of a surrogate pair, as programs do that cut texts by their length;
/// it cannot be read as a text, and would end the import of everything.
/// </summary>
internal static class MendUnicode
{
    // \uXXXX
    private const int EscapeLength = 6;

    /// <summary>The same JSON; what is no character in it is U+FFFD.</summary>
    public static ReadOnlyMemory<byte> In(byte[] json)
    {
        var readable = Utf8.IsValid(json) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        for (var i = 0; i < readable.Length - 1; i++)
        {
            if (readable[i] != '\\')
                continue;
            if (UnitAt(readable, i) is not { } unit)
            {
                // Whatever is escaped here, also a backslash, begins nothing else.
                i++;
                continue;
            }

            if (char.IsHighSurrogate(unit) && UnitAt(readable, i + EscapeLength) is { } next && char.IsLowSurrogate(next))
                i += EscapeLength;
            else if (char.IsSurrogate(unit))
                "fffd"u8.CopyTo(readable.AsSpan(i + 2));
            i += EscapeLength - 1;
        }

        return readable.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? readable.AsMemory(Encoding.UTF8.Preamble.Length) : readable;
    }

    private static char? UnitAt(ReadOnlySpan<byte> json, int at) =>
        json[at..].StartsWith("\\u"u8) && json.Length >= at + EscapeLength
        && ushort.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit : null;
}
