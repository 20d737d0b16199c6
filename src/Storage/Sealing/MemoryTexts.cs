using MemoryOrleans.Memories;

namespace MemoryOrleans.Storage.Sealing;

/// <summary>What a version of a memory says, as stores keep it: JSON for its lists and its claim, sealed where there is a seal.</summary>
public readonly record struct MemoryTexts(
    string Content, string? Metadata, string? Topics, string? Entities, string? Claim, string? Aliases)
{
    public static MemoryTexts Of(TenantSeal? seal, MemoryRecord memory)
    {
        var (id, version) = (memory.Id, memory.Version);
        return new MemoryTexts(
            seal.SealedContent(memory),
            seal.Sealed(SealedField.MemoryMetadata, id, version, memory.Metadata),
            seal.Sealed(SealedField.MemoryTopics, id, version, MemoryColumns.OfWords(memory.Topics)),
            seal.Sealed(SealedField.MemoryEntities, id, version, MemoryColumns.OfWords(memory.Entities)),
            seal.Sealed(SealedField.MemoryClaim, id, version, MemoryColumns.OfClaim(memory.Claim)),
            seal.Sealed(SealedField.MemoryAliases, id, version, MemoryColumns.OfWords(memory.Aliases)));
    }
}
