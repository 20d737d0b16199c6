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
/// <param name="Tenant">Whose it is.</param>
/// <param name="Id">A part of the key that is no secret; the audit trail names it as <c>key:ID</c>.</param>
/// <param name="Prefix">How the key's text begins.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Scopes">What it may do: <c>read</c>, <c>write</c> and <c>admin</c>.</param>
/// <param name="Users">The only users it may speak of; empty: any.</param>
/// <param name="Agents">The only agents it may speak of; empty: any.</param>
/// <param name="RequiresUser">Whether its recalls must name their user_id.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="MadeBy">Which credential made it.</param>
/// <param name="ExpiresAt">When it ends; null: never.</param>
/// <param name="RotatedAt">When it got its present secret; null while that is the first one.</param>
/// <param name="PreviousUntil">Until when the secret before the last rotation is good.</param>
/// <param name="RevokedAt">When it was revoked; null while it was not.</param>
public sealed record KeyResponse(
    string Tenant, string Id, string Prefix, string Name,
    IReadOnlyList<string> Scopes, IReadOnlyList<string> Users, IReadOnlyList<string> Agents,
    bool RequiresUser, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RotatedAt,
    DateTimeOffset? PreviousUntil,
    DateTimeOffset? RevokedAt);

/// <summary>A key just made or rotated.</summary>
/// <param name="Key">Its text, which is shown this once and kept nowhere.</param>
/// <param name="Details">All else about it.</param>
public sealed record ShownKeyResponse(string Key, KeyResponse Details);

/// <summary>A page of keys, newest first.</summary>
/// <param name="Items">The page, in the order the call says.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record KeyPage(IReadOnlyList<KeyResponse> Items, string? NextCursor);
