using System.Buffers.Binary;
using System.Buffers.Text;

namespace MemoryOrleans.Scheduling;

/// <summary>Where a listing of due work stopped: the id of its last item.</summary>
public readonly record struct DuePosition(long Id)
{
    private const byte Format = 2;
    private const int Length = 9;

    public static readonly DuePosition Start = new(long.MinValue);

    /// <summary>Base64url of a format byte and the id, big-endian.</summary>
    public string ToCursor()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], Id);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>False when the text is not a cursor a store gave out.</summary>
    public static bool TryParse(string cursor, out DuePosition position)
    {
        position = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (cursor.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(cursor, out var length) || length != Length)
            return false;
        Base64Url.DecodeFromChars(cursor, bytes);
        position = new DuePosition(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]));
        return bytes[0] == Format;
    }

    /// <summary>What a caller with a cursor from elsewhere is told.</summary>
    public static MemoryError Refusal =>
        new(ErrorCode.InvalidInput, "The cursor is not one that a listing of due work gave out.", "cursor");
}
