using System.Diagnostics.CodeAnalysis;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Storage.Sealing;

/// <summary>What a store writes and reads through the seal that it has, or has not: without one, texts are as they are.</summary>
public static class OptionalSeal
{
    /// <summary>SHA-256 of a request's body.</summary>
    private const int RequestDigestBytes = 32;

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Sealed(this TenantSeal? seal, SealedField field, string id, long place, string? text) =>
        seal is null ? text : seal.Seal(field, id, place, text);

    public static string Opened(this TenantSeal? seal, SealedField field, string id, long place, string stored) =>
        seal is null ? stored : seal.Open(field, id, place, stored);

    public static string? OpenedOrNull(this TenantSeal? seal, SealedField field, string id, long place, string? stored) =>
        seal is null ? stored : seal.OpenOrNull(field, id, place, stored);

    /// <summary>A digest as it is looked for.</summary>
    public static byte[] Digested(this TenantSeal? seal, SealedField field, byte[] digest) =>
        seal is null ? digest : seal.Digest(field, digest);

    /// <summary>A memory's text: the same for versions that say the same.</summary>
    public static string SealedContent(this TenantSeal? seal, MemoryRecord memory) =>
        seal is null ? memory.Content : seal.SealComparably(SealedField.MemoryContent, memory.Id, memory.Content);

    public static byte[] SealedKey(this TenantSeal? seal, byte[] digest) =>
        seal is null ? digest : seal.SealBytes(SealedField.MemoryKey, string.Empty, digest);

    /// <summary>The key's digest; null when it cannot be opened.</summary>
    public static byte[]? OpenedKey(this TenantSeal? seal, byte[] stored) =>
        seal is null ? stored : seal.OpenBytes(SealedField.MemoryKey, string.Empty, stored, MemoryKeyDigest.Length);

    /// <summary>What a key is looked for by: sealed, and as it was stored before texts were sealed.</summary>
    public static IEnumerable<byte[]> KeysFor(this TenantSeal? seal, string key)
    {
        var digest = MemoryKeyDigest.Of(key);
        return seal is { HasKey: true } ? [seal.SealedKey(digest), digest] : [digest];
    }

    public static byte[]? SealedRequest(this TenantSeal? seal, Sessions.IdempotencyRecord? record) =>
        record is null || seal is null ? record?.RequestDigest
        : seal.SealBytes(SealedField.RequestDigest, IdOf(record.Scope, record.Key), record.RequestDigest);

    /// <summary>What cannot be opened stays as it is, and no request's digest is equal to it.</summary>
    public static byte[] OpenedRequest(this TenantSeal? seal, string scope, string key, byte[] stored) =>
        seal?.OpenBytes(SealedField.RequestDigest, IdOf(scope, key), stored, RequestDigestBytes) ?? stored;

    private static string IdOf(string scope, string key) => $"{scope}\n{key}";
}
