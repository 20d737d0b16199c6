using System.Security.Cryptography;
using System.Text;

namespace MemoryOrleans.Memories;

/// <summary>
/// A key as stores keep it: the first 16 bytes of its SHA-256. Whatever a key was made from, its traces in a database's
/// pages say nothing once its memory is erased.
/// </summary>
public static class MemoryKeyDigest
{
    public const int Length = 16;

    public static byte[] Of(string key)
    {
        const int shortMax = 512;
        Span<byte> room = stackalloc byte[shortMax];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.TryGetBytes(key, room, out var length) ? room[..length] : Encoding.UTF8.GetBytes(key), digest);
        return digest[..Length].ToArray();
    }
}
