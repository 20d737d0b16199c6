namespace MemoryOrleans.Storage.Sealing;

/// <summary>
/// What a sealed text is. Part of what its seal binds it to, so that no text can stand in another's place; never renumbered.
/// </summary>
public enum SealedField : byte
{
    TurnName = 1,
    TurnContent = 2,
    TurnMetadata = 3,

    /// <summary>The digest of a request whose answer is kept for its repetition.</summary>
    RequestDigest = 4,

    /// <summary>
    /// Bound to its memory alone and not to the version: versions that say the same are stored the same, and compared so.
    /// </summary>
    MemoryContent = 10,
    MemoryMetadata = 11,
    MemoryTopics = 12,
    MemoryEntities = 13,
    MemoryClaim = 14,
    MemoryAliases = 15,

    /// <summary>A key's digest: looked for by equality within the tenant.</summary>
    MemoryKey = 16,

    EntityName = 20,
    EntityMetadata = 21,
    EntityAliases = 22,
    ObservationContent = 23,
    RelationMetadata = 24,

    /// <summary>The digests that names and observations are looked for by.</summary>
    NameDigest = 25,
    ObservationDigest = 26,

    Webhook = 30,
}
