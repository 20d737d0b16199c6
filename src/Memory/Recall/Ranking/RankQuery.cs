namespace MemoryOrleans.Recall.Ranking;

/// <summary>A question made ready for ranking.</summary>
/// <param name="Vector">Null when the embedder knows nothing in it; the ranking is then lexical.</param>
internal sealed record RankQuery(IReadOnlyList<WeightedTerm> Terms, QueryVector? Vector, Subject Subject)
{
    /// <summary>What a neural model says of the turns, in place of the static vectors; null without one.</summary>
    public NeuralScores? Neural { get; init; }

    /// <summary>
    /// What the formula with an encoder needs of the question; null without one. Takes part where enough turns have vectors.
    /// </summary>
    public MeaningQuery? Meaning { get; init; }

    /// <summary>
    /// Whether <see cref="Meaning"/> may still come while the words are ranked: then every turn's static vector is scored.
    /// </summary>
    public bool MayMean { get; init; }

    /// <summary>The question's words in their order; null where quotations do not count.</summary>
    public QuoteQuery? Quote { get; init; }

    /// <summary>The <see cref="Index.NameKeys"/> of what in the question may be a name.</summary>
    public IReadOnlyList<ulong> Names { get; init; } = [];

    /// <summary>Terms that count little for relevance: names of who speaks, and what only says how to answer; null: none.</summary>
    public IReadOnlySet<ulong>? Fillers { get; init; }

    /// <summary>What the best of another collection reached: scores are divided by these where they are the greater.</summary>
    public RankMaxima Floor { get; init; }

    /// <summary>Whether what is ranked are documents with one vector each, which stands for their pieces and their context.</summary>
    public bool OfDocuments { get; init; }
}

/// <summary>The best chunk's and the best session's BM25, which scores are relative to; 0 when nothing matched.</summary>
internal readonly record struct RankMaxima(float Chunk, float Session)
{
    /// <summary>What an encoder's part was relative to; null when it had none.</summary>
    public MeaningMaxima? Meaning { get; init; }
}

/// <summary>How near the turns of a scope are to the question, and the best window's BM25.</summary>
internal sealed record MeaningMaxima(Stretch Pieces, Stretch Contexts, Stretch Statics, float Window);
