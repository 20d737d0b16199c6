namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// The constants of the formula with a local encoder (docs/ranking.md), beside those of <see cref="RankerWeights"/> that it
/// shares. Source: our own tuning, jointly on conversations between people and with assistants.
/// </summary>
internal static class MeaningWeights
{
    /// <summary>
    /// Of the normalised cosines of a turn's best piece and of the turn in its context, and of static vectors in their place.
    /// </summary>
    public const float Piece = 0.5f;
    public const float Context = 0.5f;
    public const float StandIn = 0.5f;

    /// <summary>Of the window's BM25, divided by the best window's.</summary>
    public const float Window = 0.2f;
    public const float WindowK1 = 0.9f;
    public const float WindowB = 0.6f;

    /// <summary>Turns on either side of a window's own, what each step away takes off, and occurrences in a turn that count.</summary>
    public const int WindowReach = 3;
    public const float WindowFall = 0.2f;
    public const int WindowCountMax = 2;

    /// <summary>Where the question names a date that the turn agrees with; a part of it where it partly does.</summary>
    public const float Date = 0.6f;
    public const float PartlyAgreed = 0.5f;

    /// <summary>Where the question asks when something was, and the turn names a time.</summary>
    public const float NamesTime = 0.4f;

    /// <summary>A scope of which a smaller share has vectors is ranked without them.</summary>
    public const double EmbeddedShareMin = 0.5;

    /// <summary>
    /// Of fewer turns than <see cref="FewTurns"/> nearly all must have vectors: of two things just said, the one that waits for
    /// its vector would stand behind the other for that alone.
    /// </summary>
    public const double EmbeddedShareOfFewMin = 0.875;
    public const int FewTurns = 32;
}

/// <summary>Shares of its neighbours' scores that a turn inherits.</summary>
/// <param name="PreviousQuestion">In place of <paramref name="Previous"/> when that turn asked a question.</param>
/// <param name="PreviousAsked">The same when it asked and said little else.</param>
internal readonly record struct NeighbourShares(float Previous, float PreviousQuestion, float PreviousAsked, float Next, float TwoAway)
{
    public static readonly NeighbourShares Lexical =
        new(RankerWeights.Previous, RankerWeights.PreviousQuestion, RankerWeights.PreviousQuestion, RankerWeights.Next,
            RankerWeights.TwoAway);

    /// <summary>The context's vector has the previous turn in it, so less is left to inherit.</summary>
    public static readonly NeighbourShares Meaning = new(0, 0.2f, 0.3f, 0.2f, 0.1f);
}
