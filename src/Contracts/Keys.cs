using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>What a new key is to be.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MakeKeyRequest
{
    /// <summary>What people call it; 1 to 100 characters.</summary>
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>Of <c>read</c>, <c>write</c> and <c>admin</c>; default read and write.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The only users it may speak of, at most 64; none: any. Such a key cannot have the scope admin.</summary>
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>The only agents it may speak of, at most 64; none: any. Such a key cannot have the scope admin.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Whether its recalls must name their user_id.</summary>
    public bool? RequiresUser { get; init; }

    /// <summary>When it ends; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>How a key gets a new secret.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RotateKeyRequest
{
    /// <summary>How long the secret before stays good, in seconds; default MEMORY_KEY_OVERLAP_SECONDS. 0 ends it at once.</summary>
    [Range(0, 2_592_000)]
    public int? OverlapSeconds { get; init; }
}

/// <summary>A key, without its secret.</summary>
/// <param name="Id">A part of the key that is no secret; the audit trail names it as <c>key:ID</c>.</param>
/// <param name="Prefix">How the key's text begins.</param>
/// <param name="Users">The only users it may speak of; empty: any.</param>
/// <param name="Agents">The only agents it may speak of; empty: any.</param>
/// <param name="MadeBy">Which credential made it.</param>
/// <param name="PreviousUntil">Until when the secret before the last rotation is good.</param>
public sealed record KeyResponse(
    string Tenant, string Id, string Prefix, string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Users, IReadOnlyList<string> Agents,
    bool RequiresUser, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RotatedAt, DateTimeOffset? PreviousUntil,
    DateTimeOffset? RevokedAt);

/// <summary>A key just made or rotated.</summary>
/// <param name="Key">Its text, which is shown this once and kept nowhere.</param>
public sealed record ShownKeyResponse(string Key, KeyResponse Details);

/// <summary>A page of keys, newest first.</summary>
public sealed record KeyPage(IReadOnlyList<KeyResponse> Items, string? NextCursor);
