namespace MemoryOrleans.Recall.Index;

/// <summary>A turn made ready for the index; the costly part of indexing, and free of shared state.</summary>
internal sealed record AnalyzedTurn(
    long Change,
    string SessionId,
    string? AgentId,
    long Seq,
    string Role,
    string? Name,
    long OccurredAt,
    long RecordedAt,
    bool AsksQuestion,
    AnalyzedChunk[] Chunks,
    sbyte[] Vectors,
    float[] VectorScales)
{
    /// <summary>Days that the text names, resolved against the day it was said; empty unless they are asked for.</summary>
    public DaySpan[] Days { get; init; } = [];

    /// <summary>How far the speaker's clock is ahead of UTC, in minutes.</summary>
    public short OffsetMinutes { get; init; }

    /// <summary>The <see cref="NameKeys"/> of a document's names.</summary>
    public ulong[] Names { get; init; } = [];

    /// <summary>Beginnings of words with a capital, and the terms of those words (<see cref="CapitalWords"/>).</summary>
    public (ulong Beginning, ulong Term)[] Beginnings { get; init; } = [];

    /// <summary>Every word in its order, stop words included, as <see cref="WordCode"/>s.</summary>
    public ushort[] Words { get; init; } = [];
}

/// <summary>Distinct terms of a chunk with their counts, and how many terms it has in all.</summary>
internal sealed record AnalyzedChunk(TermCount[] Terms, int Length);

/// <summary>How often a chunk's text says a term, and whether the turn's date is that term.</summary>
internal readonly record struct TermCount(ulong Term, int Count, bool IsDate);
