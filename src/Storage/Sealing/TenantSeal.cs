using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MemoryOrleans.Storage.Sealing;

/// <summary>
/// Seals and opens the texts of one tenant with keys derived from its data key (HKDF-SHA-256): AES-256-GCM, bound to what the text is
/// and to the row it stands in. A sealed text is <c>U+0001 "s1:"</c> and base64 of the data key's number (4 bytes), the nonce (12), the
/// tag (16) and the ciphertext. Nonces are random, so that a tenant may have 2^32 texts before two are likelier than 2^-32 to share one.
/// </summary>
public sealed class TenantSeal
{
    public const string Prefix = "\u0001s1:";

    private const int NumberBytes = 4, NonceBytes = 12, TagBytes = 16, HeadBytes = NumberBytes + NonceBytes + TagBytes;
    private const int BoundBytesMax = 1024;
    private const int CiphersKept = 16; // A power of two.

    private readonly bool mayGetKey;
    private readonly long number;
    private readonly byte[] textKey;
    private readonly byte[] digestKey;
    private readonly Action<SealedField, string>? onUnreadable;
    private readonly AesGcm?[] ciphers = new AesGcm?[CiphersKept];

    /// <param name="number">Of the tenant's data keys, from 1.</param>
    /// <param name="dataKey">32 bytes; null: the tenant has no key, so that only plain texts can be read.</param>
    /// <param name="onUnreadable">Told of each text that could not be opened: what it is and whose.</param>
    /// <param name="mayGetKey">It had no key when it was looked for: a sealed text then means that one was made since.</param>
    public TenantSeal(
        string tenant, long number, byte[]? dataKey, Action<SealedField, string>? onUnreadable = null, bool mayGetKey = false)
    {
        this.mayGetKey = mayGetKey;
        (Tenant, this.number, HasKey, this.onUnreadable) = (tenant, number, dataKey is not null, onUnreadable);
        textKey = dataKey is null ? [] : Derive(dataKey, "text", tenant);
        digestKey = dataKey is null ? [] : Derive(dataKey, "digest", tenant);
    }

    public string Tenant { get; }

    public bool HasKey { get; }

    public static bool IsSealed(ReadOnlySpan<char> stored) => stored.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>A text as it is stored; null and empty stay what they are.</summary>
    /// <param name="id">Of the row's record.</param>
    /// <param name="place">Its seq or version; 0: it has none.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Seal(SealedField field, string id, long place, string? text) => Seal(field, id, place, text, isComparable: false);

    /// <summary>As <see cref="Seal(SealedField, string, long, string?)"/>, and the same for the same: stores compare it.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? SealComparably(SealedField field, string id, string? text) => Seal(field, id, 0, text, isComparable: true);

    /// <summary>
    /// A stored text as it was; one that was stored before texts were sealed as it is. <see cref="UnreadableText"/> when it cannot be
    /// opened.
    /// </summary>
    public string Open(SealedField field, string id, long place, string stored) =>
        TryOpen(field, id, place, stored, out var text) ? text : UnreadableText.Sentence;

    /// <summary>As <see cref="Open"/>; null when there is none or it cannot be opened.</summary>
    public string? OpenOrNull(SealedField field, string id, long place, string? stored) =>
        stored is not null && TryOpen(field, id, place, stored, out var text) ? text : null;

    /// <summary>A digest under the tenant's key: equal for equal ones, and of no use to who has not the key. 32 bytes.</summary>
    public byte[] Digest(SealedField field, ReadOnlySpan<byte> digest)
    {
        Span<byte> bound = stackalloc byte[1 + digest.Length];
        bound[0] = (byte)field;
        digest.CopyTo(bound[1..]);
        return HMACSHA256.HashData(digestKey, bound);
    }

    /// <summary>Some bytes as they are stored: the same for the same, so that they can be looked for.</summary>
    public byte[] SealBytes(SealedField field, string id, ReadOnlySpan<byte> value)
    {
        var stored = new byte[HeadBytes + value.Length];
        Encrypt(Bind(stackalloc byte[BoundBytesMax], field, id, 0), value, stored, isComparable: true);
        return stored;
    }

    /// <summary>Stored bytes as they were; null when they cannot be opened.</summary>
    /// <param name="plainLength">How many there are at most: no more than these were stored before anything was sealed.</param>
    public byte[]? OpenBytes(SealedField field, string id, byte[] stored, int plainLength)
    {
        var value = new byte[Math.Max(0, stored.Length - HeadBytes)];
        if (stored.Length > HeadBytes && TryDecrypt(Bind(stackalloc byte[BoundBytesMax], field, id, 0), stored, value))
            return value;
        if (stored.Length <= plainLength)
            return stored;
        onUnreadable?.Invoke(field, id);
        return null;
    }

    private static byte[] Derive(byte[] dataKey, string use, string tenant) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, dataKey, MasterKeys.KeyBytes, info: Encoding.UTF8.GetBytes($"memory-orleans/1/{use}/{tenant}"));

    /// <summary>What a text is and where it stands.</summary>
    private static ReadOnlySpan<byte> Bind(Span<byte> room, SealedField field, string id, long place)
    {
        room[0] = (byte)field;
        BinaryPrimitives.WriteInt64LittleEndian(room[1..], place);
        var rest = room[9..];
        // Ids are shorter; what is not must still fit.
        if (!Encoding.UTF8.TryGetBytes(id, rest, out var length))
            length = SHA256.HashData(Encoding.UTF8.GetBytes(id), rest);
        return room[..(9 + length)];
    }

    [return: NotNullIfNotNull(nameof(text))]
    private string? Seal(SealedField field, string id, long place, string? text, bool isComparable)
    {
        if (string.IsNullOrEmpty(text))
            return text;
        var length = Encoding.UTF8.GetByteCount(text);
        var plain = ArrayPool<byte>.Shared.Rent(length);
        var stored = ArrayPool<byte>.Shared.Rent(HeadBytes + length);
        try
        {
            Encoding.UTF8.GetBytes(text, plain);
            var bound = Bind(stackalloc byte[BoundBytesMax], field, id, place);
            Encrypt(bound, plain.AsSpan(0, length), stored.AsSpan(0, HeadBytes + length), isComparable);
            return string.Create(
                Prefix.Length + Base64.GetMaxEncodedToUtf8Length(HeadBytes + length), (stored, HeadBytes + length), static (room, given) =>
                {
                    Prefix.CopyTo(room);
                    Convert.TryToBase64Chars(given.stored.AsSpan(0, given.Item2), room[Prefix.Length..], out _);
                });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(plain);
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    private bool TryOpen(SealedField field, string id, long place, string stored, [NotNullWhen(true)] out string? text)
    {
        text = stored;
        if (!IsSealed(stored))
            return true;
        if (mayGetKey)
            throw new KeyMadeSinceException(Tenant);
        var coded = stored.AsSpan(Prefix.Length);
        var sealedBytes = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(coded.Length) + 4);
        var plain = ArrayPool<byte>.Shared.Rent(sealedBytes.Length);
        var length = 0;
        try
        {
            var isOpen = Convert.TryFromBase64Chars(coded, sealedBytes, out var count) && count > HeadBytes
                && IsWrittenAsSealed(coded, sealedBytes.AsSpan(0, count))
                && TryDecrypt(Bind(stackalloc byte[BoundBytesMax], field, id, place), sealedBytes.AsSpan(0, count),
                plain.AsSpan(0, length = count - HeadBytes));
            text = isOpen ? Encoding.UTF8.GetString(plain, 0, length) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(plain);
            ArrayPool<byte>.Shared.Return(sealedBytes);
        }

        if (text is null)
            onUnreadable?.Invoke(field, id);
        return text is not null;
    }

    /// <summary>
    /// Whether the characters are those that sealing writes for the bytes: a decoder overlooks spaces, and the last bits of a group that
    /// is not full.
    /// </summary>
    private static bool IsWrittenAsSealed(ReadOnlySpan<char> coded, ReadOnlySpan<byte> decoded)
    {
        if (coded.Length != Base64.GetMaxEncodedToUtf8Length(decoded.Length))
            return false;
        Span<char> last = stackalloc char[4];
        return Convert.TryToBase64Chars(decoded[((decoded.Length - 1) / 3 * 3)..], last, out _) && coded.EndsWith(last);
    }

    private void Encrypt(ReadOnlySpan<byte> bound, ReadOnlySpan<byte> plain, Span<byte> stored, bool isComparable)
    {
        if (!HasKey)
            throw new InvalidOperationException($"The tenant {Tenant} has no data key to seal with.");
        BinaryPrimitives.WriteUInt32LittleEndian(stored, (uint)number);
        var nonce = stored.Slice(NumberBytes, NonceBytes);
        if (isComparable)
            NonceOf(bound, plain, nonce);
        else
            RandomNumberGenerator.Fill(nonce);
        var cipher = Take();
        cipher.Encrypt(nonce, plain, stored[HeadBytes..], stored.Slice(NumberBytes + NonceBytes, TagBytes), bound);
        Return(cipher);
    }

    private bool TryDecrypt(ReadOnlySpan<byte> bound, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        if (!HasKey || BinaryPrimitives.ReadUInt32LittleEndian(stored) != (uint)number)
            return false;
        var cipher = Take();
        try
        {
            cipher.Decrypt(stored.Slice(NumberBytes, NonceBytes), stored[HeadBytes..], stored.Slice(NumberBytes + NonceBytes, TagBytes),
                plain, bound);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            Return(cipher);
        }
    }

    /// <summary>A keyed digest of the text and its place: one nonce for one text, as in SIV.</summary>
    private void NonceOf(ReadOnlySpan<byte> bound, ReadOnlySpan<byte> plain, Span<byte> nonce)
    {
        using var digest = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, digestKey);
        Span<byte> length = [(byte)bound.Length, (byte)(bound.Length >> 8)];
        digest.AppendData(length);
        digest.AppendData(bound);
        digest.AppendData(plain);
        digest.GetHashAndReset()[..NonceBytes].CopyTo(nonce);
    }

    // A cipher is one thread's at a time, and costs more to make than to use.
    private AesGcm Take() => Interlocked.Exchange(ref Own(), null) ?? new AesGcm(textKey, TagBytes);

    private void Return(AesGcm cipher)
    {
        if (Interlocked.CompareExchange(ref Own(), cipher, null) is not null)
            cipher.Dispose();
    }

    private ref AesGcm? Own() => ref ciphers[Environment.CurrentManagedThreadId & (CiphersKept - 1)];
}
