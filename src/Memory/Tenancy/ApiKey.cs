using System.Security.Cryptography;
using System.Text;

namespace MemoryOrleans.Tenancy;

/// <summary>
/// What is kept of a key's secret: a salt and the HMAC-SHA-256 of the secret under it. Secrets are 256 random bits, so that a fast
/// hash is enough: there is nothing to guess that a slow one would protect.
/// </summary>
public sealed record KeySecret(byte[] Salt, byte[] Hash)
{
    public const int SaltBytes = 16;

    public static KeySecret Of(string secret, byte[] salt) => new(salt, HMACSHA256.HashData(salt, Encoding.ASCII.GetBytes(secret)));

    /// <summary>Compares in constant time.</summary>
    public bool Matches(ReadOnlySpan<char> secret)
    {
        Span<byte> bytes = stackalloc byte[KeyText.SecretLength];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (secret.Length != KeyText.SecretLength)
            return false;
        HMACSHA256.HashData(Salt, bytes[..Encoding.ASCII.GetBytes(secret, bytes)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, Hash);
    }
}

/// <summary>A key of a tenant as the store keeps it; the secret itself is nowhere.</summary>
/// <param name="Id">16 hexadecimal digits, a part of the key that is no secret.</param>
/// <param name="Name">What people call it; 1 to 100 characters.</param>
/// <param name="Scopes">Of <c>read</c>, <c>write</c> and <c>admin</c>; at least one.</param>
/// <param name="MadeBy">Which credential made it.</param>
public sealed record ApiKey(string Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset MadeAt, string MadeBy, KeySecret Secret)
{
    /// <summary>Grows by one with each change, from 1.</summary>
    public long Version { get; init; } = 1;

    /// <summary>The only users it may speak of; empty: of any, and of none.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>The only agents it may speak of; empty: of any, and of none.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>Whether its recalls must name their user.</summary>
    public bool RequiresUser { get; init; }

    /// <summary>When it ends; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked; null while it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it got its present secret; null while that is the first one.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>The secret before, good until <see cref="PreviousUntil"/>.</summary>
    public KeySecret? Previous { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>When it is good for nothing any more; null: never.</summary>
    public DateTimeOffset? EndsAt => RevokedAt ?? ExpiresAt;

    public bool HasEnded(DateTimeOffset now) => EndsAt is { } end && now >= end;

    /// <summary>Whether a secret is this key's now.</summary>
    public bool Accepts(ReadOnlySpan<char> secret, DateTimeOffset now)
    {
        if (HasEnded(now))
            return false;
        return Secret.Matches(secret) || (Previous is { } previous && now < PreviousUntil && previous.Matches(secret));
    }
}
