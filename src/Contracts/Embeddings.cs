using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>Body of <c>POST /v1/admin/embeddings</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StartEmbeddingRequest
{
    /// <summary>A model of the configured provider, by the provider's name for it: 1 to 200 characters.</summary>
    [Required]
    [StringLength(200, MinimumLength = 1)]
    public string? Model { get; init; }

    /// <summary>Dimensions to ask the model for; default: its own.</summary>
    [Range(1, 4_000)]
    public int? Dimensions { get; init; }
}

/// <summary>The vectors of one model, and how far they are for the caller's tenant.</summary>
/// <param name="Id">The space's number in this installation.</param>
/// <param name="Model">The model, by its provider's name.</param>
/// <param name="Dimensions">Numbers in each vector.</param>
/// <param name="State"><c>filling</c>, <c>active</c> (the one that recall asks) or <c>retired</c>.</param>
/// <param name="TurnsEmbedded">Turns of the tenant that have vectors in the space.</param>
/// <param name="Turns">Turns of the tenant in all.</param>
/// <param name="MemoriesEmbedded">Memories of the tenant that have a vector in the space; none unless the model is the local one.</param>
/// <param name="Memories">Memories of the tenant that recall may find.</param>
/// <param name="EntitiesEmbedded">Entities of the tenant that have a vector in the space; none unless the model is the local one.</param>
/// <param name="Entities">Entities of the tenant in all.</param>
/// <param name="JobsReady">Jobs of the tenant still to be done for the space.</param>
/// <param name="JobsDead">Jobs of the tenant that failed as often as they may.</param>
/// <param name="OldestDueAt">When the longest overdue of the ready jobs was due.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record EmbeddingSpaceResponse(
    int Id,
    string Model,
    int Dimensions,
    [property: AllowedValues("filling", "active", "retired")] string State,
    long TurnsEmbedded,
    long Turns,
    long MemoriesEmbedded,
    long Memories,
    long EntitiesEmbedded,
    long Entities,
    long JobsReady,
    long JobsDead,
    DateTimeOffset? OldestDueAt,
    DateTimeOffset CreatedAt);

/// <summary>All spaces, oldest first.</summary>
/// <param name="Items">The spaces.</param>
public sealed record EmbeddingSpaceList(IReadOnlyList<EmbeddingSpaceResponse> Items);
