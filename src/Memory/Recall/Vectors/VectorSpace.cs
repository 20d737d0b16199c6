namespace MemoryOrleans.Recall.Vectors;

public enum VectorSpaceState
{
    /// <summary>Being filled with the vectors of what was there before; recall does not ask it yet.</summary>
    Filling,

    /// <summary>The one that recall asks.</summary>
    Active,

    /// <summary>Kept, no longer written nor asked; may be dropped.</summary>
    Retired,
}

/// <summary>The vectors of one model; vectors of different spaces are never compared.</summary>
/// <param name="Model">The model's name as its provider knows it.</param>
/// <param name="Dimensions">1..4,000.</param>
public sealed record VectorSpace(int Id, string Model, int Dimensions, VectorSpaceState State, DateTimeOffset CreatedAt)
{
    /// <summary>What the stores' half-precision indexes can hold.</summary>
    public const int DimensionsMax = 4_000;

    /// <exception cref="ArgumentException">One of the vectors is not of the space's dimensions.</exception>
    public void Require(IEnumerable<float[]> vectors)
    {
        if (vectors.Any(vector => vector.Length != Dimensions))
            throw new ArgumentException($"A vector of space {Id} has {Dimensions} dimensions.", nameof(vectors));
    }
}

/// <summary>
/// The vector of a piece of a turn. A turn's pieces are numbered from 0; of an embedder that ranks in the index, 0 is the turn
/// in its context.
/// </summary>
/// <param name="Vector">L2-normalised, of the space's dimensions.</param>
public sealed record TurnVector(long Seq, string TurnId, int Piece, float[] Vector)
{
    /// <summary>True when the text of the turn before it, of the seq before, is in it as well.</summary>
    public bool HoldsPrevious { get; init; }
}

/// <summary>Turns of a session: those of these seqs, both included.</summary>
public readonly record struct TurnSpan(string SessionId, long FirstSeq, long LastSeq);

/// <summary>A vector as the store has it, of half precision.</summary>
public readonly record struct StoredVector(string SessionId, long Seq, int Piece, float[] Vector);

/// <summary>The vector of a document's text (a memory's, an entity's) as it was then.</summary>
/// <param name="Version">A memory's version; of an entity, whose observations count too, its number in the feed of entities.</param>
/// <param name="Vector">L2-normalised, of the space's dimensions.</param>
public sealed record DocumentVector(string Id, long Version, float[] Vector);

/// <summary>The vector of a memory's or entity's current text as the store has it, of half precision.</summary>
/// <param name="Change">Its newest number in the feed that it comes by: which version it is of, as a recall index tells them apart.</param>
public readonly record struct StoredDocumentVector(string Id, long Change, float[] Vector);

/// <summary>How many memories, or entities, have a vector.</summary>
/// <param name="All">Those that can be found.</param>
public readonly record struct DocumentVectorCount(long Embedded, long All);

/// <summary>A turn near a question's vector; <paramref name="Cosine"/> in -1..1 of its nearest piece.</summary>
public readonly record struct VectorHit(string SessionId, long Seq, float Cosine);
