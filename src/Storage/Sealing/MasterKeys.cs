using System.Security.Cryptography;
using System.Text;

namespace MemoryOrleans.Storage.Sealing;

/// <summary>
/// Master keys held in this process, from a setting or a file. AES-256-GCM: a nonce of 12 bytes, a tag of 16, the wrapped key.
/// </summary>
public sealed class MasterKeys : IMasterKeys
{
    public const int KeyBytes = 32, KeysMax = 16, IdLengthMax = 64;

    private const int NonceBytes = 12, TagBytes = 16;

    private readonly Dictionary<string, byte[]> keys;

    private MasterKeys(string firstId, Dictionary<string, byte[]> keys) => (FirstId, this.keys) = (firstId, keys);

    public string FirstId { get; }

    /// <summary>
    /// Reads <c>ID:BASE64 ID:BASE64 …</c>, separated by blanks, line ends or commas; lines that begin with # are left out.
    /// </summary>
    /// <param name="wrong">What is wrong, without repeating a key; null when nothing is.</param>
    public static bool TryParse(string text, out MasterKeys? found, out string? wrong)
    {
        var (read, first) = (new Dictionary<string, byte[]>(StringComparer.Ordinal), (string?)null);
        var lines = text.Split('\n').Where(static line => !line.TrimStart().StartsWith('#'));
        foreach (var part in string.Join(' ', lines).Split([' ', '\t', '\r', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split(':', 2);
            if (pair.Length < 2 || !IsId(pair[0]))
                return Refuse($"key {read.Count + 1} must be an id (1 to {IdLengthMax} of a-z, 0-9, '.', '_' and '-'), a colon and the key",
                    out found, out wrong);
            if (!TryDecode(pair[1], out var key))
                return Refuse($"the key '{pair[0]}' must be {KeyBytes} bytes in base64, 44 characters", out found, out wrong);
            if (!read.TryAdd(pair[0], key))
                return Refuse($"the id '{pair[0]}' is there twice", out found, out wrong);
            first ??= pair[0];
        }

        if (first is null || read.Count > KeysMax)
            return Refuse($"must name 1 to {KeysMax} keys", out found, out wrong);
        (found, wrong) = (new MasterKeys(first, read), null);
        return true;
    }

    public bool Knows(string id) => keys.ContainsKey(id);

    public ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string context, CancellationToken cancel)
    {
        var wrapped = new byte[NonceBytes + TagBytes + dataKey.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(keys[FirstId], TagBytes);
        cipher.Encrypt(
            wrapped.AsSpan(0, NonceBytes), dataKey.Span, wrapped.AsSpan(NonceBytes + TagBytes), wrapped.AsSpan(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(context));
        return ValueTask.FromResult(wrapped);
    }

    public ValueTask<byte[]?> UnwrapAsync(string id, ReadOnlyMemory<byte> wrapped, string context, CancellationToken cancel)
    {
        if (wrapped.Length != NonceBytes + TagBytes + KeyBytes)
            return ValueTask.FromResult<byte[]?>(null);
        var dataKey = new byte[KeyBytes];
        var bytes = wrapped.Span;
        using var cipher = new AesGcm(keys[id], TagBytes);
        try
        {
            cipher.Decrypt(
                bytes[..NonceBytes], bytes[(NonceBytes + TagBytes)..], bytes.Slice(NonceBytes, TagBytes), dataKey,
                Encoding.UTF8.GetBytes(context));
            return ValueTask.FromResult<byte[]?>(dataKey);
        }
        catch (AuthenticationTagMismatchException)
        {
            return ValueTask.FromResult<byte[]?>(null);
        }
    }

    private static bool TryDecode(string base64, out byte[] key)
    {
        key = new byte[KeyBytes];
        var decoded = new byte[KeyBytes + 4];
        if (!Convert.TryFromBase64String(base64, decoded, out var count) || count != KeyBytes)
            return false;
        decoded.AsSpan(0, KeyBytes).CopyTo(key);
        return true;
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= IdLengthMax
        && id.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    private static bool Refuse(string reason, out MasterKeys? found, out string? wrong)
    {
        (found, wrong) = (null, reason);
        return false;
    }
}
