namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// The constants of the ranking formula (docs/ranking.md). They were tuned jointly on conversations between people and
/// with assistants; changing one alone usually loses recall.
/// </summary>
internal static class RankerWeights
{
    /// <summary>BM25 over chunks (Robertson and Zaragoza, 2009): saturation and length normalisation.</summary>
    public const float ChunkK1 = 0.9f;
    public const float ChunkB = 0.6f;

    /// <summary>BM25 over whole sessions.</summary>
    public const float SessionK1 = 1.2f;
    public const float SessionB = 0.75f;

    /// <summary>Weight of max(0, cosine) beside a lexical score of at most 1.</summary>
    public const float Vector = 0.5f;

    /// <summary>Share of the previous turn's score a turn inherits; more when that turn asked a question.</summary>
    public const float Previous = 0.2f;
    public const float PreviousQuestion = 0.4f;
    public const float Next = 0.3f;
    public const float TwoAway = 0.15f;

    /// <summary>Weight of the session's own BM25, divided by the best session's.</summary>
    public const float Session = 0.3f;

    /// <summary>Multipliers for turns said by, and not by, the question's subject.</summary>
    public const float BySubject = 1.3f;
    public const float NotBySubject = 0.7f;

    /// <summary>
    /// What multiplies a turn that only asks: one of few terms that ends in a question mark. Who answers says what is sought.
    /// </summary>
    public const float OnlyAsks = 0.85f;
    public const int OnlyAsksTermsMax = 8;

    /// <summary>
    /// Of a turn that repeats the question word for word; of a part of it in four words or more, times the part's share to the third.
    /// </summary>
    public const float Quote = 2;

    /// <summary>What a stop word weighs in a quotation, beside the idf of terms.</summary>
    public const float QuotedStopWord = 0.5f;

    /// <summary>Words of a lexical chunk and of a vector chunk.</summary>
    public const int ChunkWords = 120;
    public const int VectorChunkWords = 50;
}
