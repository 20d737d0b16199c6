using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Settings;

namespace MemoryOrleans.Gateway.Access;

/// <summary>
/// The API keys of MEMORY_API_KEYS and MEMORY_API_KEYS_FILE. Only SHA-256 digests are kept. A presented key is looked up by its digest, of
/// which no
/// caller can choose a part; how long that takes says nothing about the keys there are.
/// </summary>
internal sealed class Keyring
{
    private const string Setting = "MEMORY_API_KEYS";
    private const string FileSetting = "MEMORY_API_KEYS_FILE";
    private const string RequiresUserOption = "requires_user";
    private const int KeyLengthMax = 256;

    // Enough to tell an installation's keys apart, far too few to guess one by.
    private const int IdDigits = 12;
    private const int KeyLengthAdvised = 16;

    public static readonly Keyring Empty = new([], 0);

    private readonly FrozenDictionary<UInt128, Entry> entries;

    private Keyring(IEnumerable<Entry> entries, int shortKeys)
    {
        this.entries = entries.ToFrozenDictionary(static entry => BinaryPrimitives.ReadUInt128BigEndian(entry.Digest));
        ShortKeys = shortKeys;
    }

    public bool IsEmpty => entries.Count == 0;

    public int KeyCount => entries.Count;

    public int TenantCount => entries.Values.Select(static entry => entry.Caller.Tenant).Distinct(StringComparer.Ordinal).Count();

    /// <summary>True when all keys are of this tenant, and there are some.</summary>
    public bool IsOnlyTenant(string tenant) => !IsEmpty && entries.Values.All(entry => entry.Caller.Tenant == tenant);

    /// <summary>How many keys are shorter than 16 characters, and so within reach of guessing.</summary>
    public int ShortKeys { get; }

    /// <summary>Reads the keys; errors name the entry by its position and never show it.</summary>
    public static Keyring Read(MemorySettings settings)
    {
        var text = settings.Text(
            Setting, null, "tenant:key[:read+write+admin+operator[:until]], separated by commas",
            "API keys, each with its tenant and scopes, and the day it ends with, like 2027-01-31. A bare key is of tenant default; "
            + "without scopes a key may read and write; operator is admin, and settings and keys of every tenant besides. The word "
            + "requires_user among the scopes makes its recalls name a user_id. A key is 1 to 256 visible ASCII characters without "
            + "comma or colon. None: keyless, loopback only.",
            secret: true);
        var file = settings.Text(
            FileSetting, null, "the path of a file",
            "A file with further API keys, one a line, as in MEMORY_API_KEYS; empty lines and those that begin with # do not count. It "
            + "is read at the start.");
        var read = new List<Entry>();
        var shortKeys = Add(read, settings, Setting,
            (text ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        if (file is not null)
            shortKeys += Add(read, settings, FileSetting, ReadLines(file, settings));
        return new Keyring(read, shortKeys);
    }

    private static string[] ReadLines(string file, MemorySettings settings)
    {
        try
        {
            return [.. File.ReadLines(file).Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != '#')];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            settings.Reject(FileSetting, $"cannot be read: {failure.Message}");
            return [];
        }
    }

    /// <summary>Adds what the parts say; how many of the keys are short.</summary>
    private static int Add(List<Entry> read, MemorySettings settings, string setting, string[] parts)
    {
        var shortKeys = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!TryParse(parts[i], out var key, out var caller, out var until, out var fault))
            {
                settings.Reject(setting, $"entry {i + 1} {fault}");
                continue;
            }

            var digest = SHA256.HashData(Encoding.ASCII.GetBytes(key));
            if (read.Exists(e => e.Digest.AsSpan().SequenceEqual(digest)))
                settings.Reject(setting, $"entry {i + 1} repeats the key of an earlier entry");
            else
                read.Add(new Entry(digest,
                    caller with { Id = $"key:{Convert.ToHexStringLower(digest)[..IdDigits]}",
                    IsGuessable = key.Length < KeyLengthAdvised }, until));
            shortKeys += key.Length < KeyLengthAdvised ? 1 : 0;
        }

        return shortKeys;
    }

    /// <summary>Whose key this is; null when it is nobody's, or ended.</summary>
    public Caller? Find(ReadOnlySpan<char> key, DateTimeOffset now)
    {
        if (!IsKey(key))
            return null;
        Span<byte> bytes = stackalloc byte[KeyLengthMax];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(key, bytes)], digest);
        return entries.TryGetValue(BinaryPrimitives.ReadUInt128BigEndian(digest), out var entry)
            && CryptographicOperations.FixedTimeEquals(entry.Digest, digest) && now < entry.Until
            ? entry.Caller
            : null;
    }

    private static bool TryParse(string entry, out string key, out Caller caller, out DateTimeOffset until, out string fault)
    {
        until = DateTimeOffset.MaxValue;
        var parts = entry.Split(':', StringSplitOptions.TrimEntries);
        var tenant = parts.Length == 1 ? Caller.DefaultTenant : parts[0];
        var (scopes, requiresUser) = (Scopes.Read | Scopes.Write, false);
        key = parts.Length == 1 ? parts[0] : parts[1];
        fault = string.Empty;
        if (parts.Length > 4)
            fault = "must have the form tenant:key[:read+write+admin[:until]]";
        else if (!Identifiers.IsValidTenant(tenant))
            fault = "names no valid tenant: 1 to 128 letters, digits, '.', '_', '@' or '-', a letter or digit first";
        else if (!IsKey(key))
            fault = "has no valid key: 1 to 256 visible ASCII characters without comma or colon";
        else if (parts.Length >= 3 && !TryParseScopes(parts[2], out scopes, out requiresUser))
            fault = "has unknown scopes; they are read, write, admin and operator, and the option requires_user, joined by '+'";
        else if (parts.Length == 4 && !TryParseDay(parts[3], out until))
            fault = "does not end with a day, like 2027-01-31";
        caller = new Caller(tenant, scopes, Id: string.Empty) { RequiresUser = requiresUser };
        return fault.Length == 0;
    }

    /// <summary>The end of that day, UTC.</summary>
    private static bool TryParseDay(string text, out DateTimeOffset until)
    {
        var isDay = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day < DateOnly.MaxValue;
        until = isDay ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : default;
        return isDay;
    }

    /// <summary>Scopes and the one option; a key with the option alone may read and write.</summary>
    private static bool TryParseScopes(string text, out Scopes scopes, out bool requiresUser)
    {
        (scopes, requiresUser) = (Scopes.None, false);
        foreach (var word in text.Split('+', StringSplitOptions.TrimEntries))
        {
            if (word.Equals(RequiresUserOption, StringComparison.OrdinalIgnoreCase))
            {
                requiresUser = true;
                continue;
            }

            var scope = word.ToUpperInvariant() switch
            {
                "READ" => Scopes.Read,
                "WRITE" => Scopes.Write,
                "ADMIN" => Scopes.Admin,
                "OPERATOR" => Scopes.Admin | Scopes.Operator,
                _ => Scopes.None,
            };
            if (scope == Scopes.None)
                return false;
            scopes |= scope;
        }

        if (scopes == Scopes.None)
            scopes = Scopes.Read | Scopes.Write;
        return true;
    }

    private sealed record Entry(byte[] Digest, Caller Caller, DateTimeOffset Until);

    private static bool IsKey(ReadOnlySpan<char> key) =>
        key.Length is >= 1 and <= KeyLengthMax && !key.ContainsAnyExceptInRange('!', '~') && !key.ContainsAny(',', ':');
}
