using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Settings;

namespace MemoryOrleans.Gateway.Access;

/// <summary>
/// The API keys of MEMORY_API_KEYS. Only SHA-256 digests are kept. A presented key is looked up by its digest, of which no
/// caller can choose a part; how long that takes says nothing about the keys there are.
/// </summary>
internal sealed class Keyring
{
    private const string Setting = "MEMORY_API_KEYS";
    private const int KeyLengthMax = 256;

    // Enough to tell an installation's keys apart, far too few to guess one by.
    private const int IdDigits = 12;
    private const int KeyLengthAdvised = 16;

    public static readonly Keyring Empty = new([], 0);

    private readonly FrozenDictionary<UInt128, (byte[] Digest, Caller Caller)> entries;

    private Keyring(IEnumerable<(byte[] Digest, Caller Caller)> entries, int shortKeys)
    {
        this.entries = entries.ToFrozenDictionary(static entry => BinaryPrimitives.ReadUInt128BigEndian(entry.Digest));
        ShortKeys = shortKeys;
    }

    public bool IsEmpty => entries.Count == 0;

    public int KeyCount => entries.Count;

    public int TenantCount => entries.Values.Select(static entry => entry.Caller.Tenant).Distinct(StringComparer.Ordinal).Count();

    /// <summary>How many keys are shorter than 16 characters, and so within reach of guessing.</summary>
    public int ShortKeys { get; }

    /// <summary>Reads the keys; errors name the entry by its position and never show it.</summary>
    public static Keyring Read(MemorySettings settings)
    {
        var text = settings.Text(
            Setting, null, "tenant:key[:read+write+admin], separated by commas",
            "API keys, each with its tenant and scopes. A bare key is of tenant default; without scopes a key may read and "
            + "write. A key is 1 to 256 visible ASCII characters without comma or colon. None: keyless, loopback only.",
            secret: true);
        var read = new List<(byte[] Digest, Caller Caller)>();
        var shortKeys = 0;
        var parts = (text ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            if (!TryParse(parts[i], out var key, out var caller, out var fault))
            {
                settings.Reject(Setting, $"entry {i + 1} {fault}");
                continue;
            }

            var digest = SHA256.HashData(Encoding.ASCII.GetBytes(key));
            if (read.Exists(e => e.Digest.AsSpan().SequenceEqual(digest)))
                settings.Reject(Setting, $"entry {i + 1} repeats the key of an earlier entry");
            else
                read.Add((digest, caller with { Id = $"key:{Convert.ToHexStringLower(digest)[..IdDigits]}" }));
            shortKeys += key.Length < KeyLengthAdvised ? 1 : 0;
        }

        return new Keyring(read, shortKeys);
    }

    /// <summary>Whose key this is; null when it is nobody's.</summary>
    public Caller? Find(ReadOnlySpan<char> key)
    {
        if (!IsKey(key))
            return null;
        Span<byte> bytes = stackalloc byte[KeyLengthMax];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(key, bytes)], digest);
        return entries.TryGetValue(BinaryPrimitives.ReadUInt128BigEndian(digest), out var entry)
            && CryptographicOperations.FixedTimeEquals(entry.Digest, digest)
            ? entry.Caller
            : null;
    }

    private static bool TryParse(string entry, out string key, out Caller caller, out string fault)
    {
        var parts = entry.Split(':', StringSplitOptions.TrimEntries);
        var tenant = parts.Length == 1 ? Caller.DefaultTenant : parts[0];
        var scopes = Scopes.Read | Scopes.Write;
        key = parts.Length == 1 ? parts[0] : parts[1];
        fault = string.Empty;
        if (parts.Length > 3)
            fault = "must have the form tenant:key[:read+write+admin]";
        else if (!Identifiers.IsValidTenant(tenant))
            fault = "names no valid tenant: 1 to 128 letters, digits, '.', '_', '@' or '-', a letter or digit first";
        else if (!IsKey(key))
            fault = "has no valid key: 1 to 256 visible ASCII characters without comma or colon";
        else if (parts.Length == 3 && !TryParseScopes(parts[2], out scopes))
            fault = "has unknown scopes; they are read, write and admin, joined by '+'";
        caller = new Caller(tenant, scopes, Id: string.Empty);
        return fault.Length == 0;
    }

    private static bool TryParseScopes(string text, out Scopes scopes)
    {
        scopes = Scopes.None;
        foreach (var word in text.Split('+', StringSplitOptions.TrimEntries))
        {
            var scope = word.ToUpperInvariant() switch
            {
                "READ" => Scopes.Read,
                "WRITE" => Scopes.Write,
                "ADMIN" => Scopes.Admin,
                _ => Scopes.None,
            };
            if (scope == Scopes.None)
                return false;
            scopes |= scope;
        }

        return true;
    }

    private static bool IsKey(ReadOnlySpan<char> key) =>
        key.Length is >= 1 and <= KeyLengthMax && !key.ContainsAnyExceptInRange('!', '~') && !key.ContainsAny(',', ':');
}
