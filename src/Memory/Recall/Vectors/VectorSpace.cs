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

/// <summary>The vector of a memory's text as it was in that version.</summary>
/// <param name="Vector">L2-normalised, of the space's dimensions.</param>
public sealed record MemoryVector(string MemoryId, long Version, float[] Vector);

/// <summary>The vector of a memory's current text as the store has it, of half precision.</summary>
/// <param name="Change">The memory's newest number in the feed of memories: which version it is of, as a recall index tells them apart.</param>
public readonly record struct StoredMemoryVector(string MemoryId, long Change, float[] Vector);

/// <param name="Embedded">Memories that have a vector.</param>
/// <param name="All">Memories that recall may find.</param>
public readonly record struct MemoryVectorCount(long Embedded, long All);

/// <summary>A turn near a question's vector; <paramref name="Cosine"/> in -1..1 of its nearest piece.</summary>
public readonly record struct VectorHit(string SessionId, long Seq, float Cosine);
