using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// A ranked turn or memory on its way into the answer, with its row of the index: whatever it is compared by - terms, words in
/// their order, vectors - is there already, so that no content is read for it.
/// </summary>
/// <param name="Score">The row's; a memory's with its tier, salience, recency and scope.</param>
internal sealed record Candidate(RankedTurn Ranked, double Score)
{
    /// <summary>Null for a turn.</summary>
    public MemoryRecord? Memory { get; init; }

    /// <summary>Null for a turn.</summary>
    public TierExplanation? Tier { get; init; }

    /// <summary>The stored turn; null until somebody had to read it, and for memories.</summary>
    public Turn? Turn { get; init; }

    /// <summary>The other turns in which its speaker said the same; null where nobody looked.</summary>
    public Telling? Telling { get; init; }

    /// <summary>The turns that say it: its own, and those that repeat it.</summary>
    public TurnAddress[] Addresses => Telling is { Again.Count: > 0 }
        ? [Address, .. Telling.Again.Select(static turn => new TurnAddress(turn.SessionId, turn.Seq))] : [Address];

    public TurnAddress Address => new(Ranked.SessionId, Ranked.Seq);

    /// <summary>Words in its text, stop words included.</summary>
    public int WordCount => Ranked.Partition.WordNumbersOf(Ranked.Turn) is var (start, end) ? end - start : 0;

    /// <summary>Its words in their order, as <see cref="Index.WordCode"/>s.</summary>
    public ReadOnlySpan<ushort> Words => Ranked.Partition.WordsOf(Ranked.Turn);

    /// <summary>Whether its text says the term.</summary>
    public bool Says(ulong term) => Relevance.SaysInText(Ranked.Partition, Ranked.Turn, term);
}
