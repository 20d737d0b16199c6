using System.Buffers.Binary;
using System.Buffers.Text;

namespace MemoryOrleans.Sessions;

/// <summary>Where a listing of sessions stopped: creation time in microseconds, then session key, both descending.</summary>
public readonly record struct ListPosition(long CreatedAt, long SessionKey)
{
    private const byte Format = 1;
    private const int Length = 17;

    public static readonly ListPosition Start = new(long.MaxValue, long.MaxValue);

    /// <summary>Base64url of a format byte and both numbers, big-endian.</summary>
    public string ToCursor()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], CreatedAt);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], SessionKey);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>False when the text is not a cursor this store gave out.</summary>
    public static bool TryParse(string cursor, out ListPosition position)
    {
        position = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (cursor.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(cursor, out var length) || length != Length)
            return false;
        Base64Url.DecodeFromChars(cursor, bytes);
        position = new ListPosition(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]));
        return bytes[0] == Format;
    }
}
