using MemoryOrleans.Embeddings;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Facts;

/// <summary>What a fact, or a statement that may become one, tells.</summary>
/// <param name="Kind">Of <see cref="FactKind"/>; null: not known.</param>
/// <param name="From">When it began to be so.</param>
internal readonly record struct Telling(FactText Text, FactClaim? Claim, string? Kind, DateTimeOffset From)
{
    public static Telling Of(FactCandidate candidate, FactText text) =>
        new(text, candidate.Claim, candidate.FactKind, MergePolicy.BeginOf(candidate));

    public static Telling Of(MemoryRecord fact, IEmbedder embedder) =>
        new(FactText.Of(fact.Content, embedder), fact.Claim, FactKind.Of(fact), fact.ValidFrom);

    /// <summary>Whether the other tells all of this, or the same matter more fully.</summary>
    public bool IsPartOf(in Telling other) =>
        RepeatPolicy.IsPart(Text, Claim, other.Text, other.Claim) || SameMatterPolicy.IsPart(this, other);

    /// <summary>Whether the other is a part of this, which says more.</summary>
    public bool TellsMoreThan(in Telling other) =>
        RepeatPolicy.IsPart(other.Text, other.Claim, Text, Claim)
        || (SameMatterPolicy.IsPart(other, this) && SameMatterPolicy.TellsMore(Text, other.Text));
}
