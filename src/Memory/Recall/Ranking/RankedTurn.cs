using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>A term of the query: its stem, its hash, and how often the query says it.</summary>
internal readonly record struct WeightedTerm(string Text, ulong Hash, int Count);

/// <summary>A ranked turn with the parts of its score; <see cref="Score"/> is their sum rounded to 1e-6.</summary>
internal sealed record RankedTurn(PartitionSnapshot Partition, int Turn, ScoreParts Parts)
{
    /// <summary>0..1; found of those that are answered alone, once their order is known.</summary>
    public double Relevance { get; set; }

    public double Score => Parts.Score;

    public string SessionId => Partition.Sessions[Partition.Turns[Turn].Session].Id;

    public long Seq => Partition.Details[Turn].Seq;
}

/// <summary>Parts of a score, each rounded to 1e-6.</summary>
/// <param name="Multiplier">Subject × asking, which makes its part (multiplier − 1) × the rest.</param>
internal readonly record struct ScoreParts(double Lexical, double Vector, double Smoothing, double Session, double Multiplier)
{
    /// <summary>For the question's words repeated in their order; whoever said them.</summary>
    public double Quote { get; init; }

    /// <summary>What only the formula with an encoder has; zeros without.</summary>
    public MeaningParts Meaning { get; init; }

    private const int Digits = 6;

    public double Subject => Math.Round((Multiplier - 1) * Rest, Digits);

    public double Score => Math.Round(Rest + Subject + Quote, Digits);

    private double Rest => Lexical + Vector + Smoothing + Session + Meaning.Sum;

    public static ScoreParts Rounded(double lexical, double vector, double smoothing, double session, double multiplier) => new(
        Math.Round(lexical, Digits), Math.Round(vector, Digits), Math.Round(smoothing, Digits), Math.Round(session, Digits), multiplier);
}

/// <summary>Parts of a score that an encoder's vectors, windows and dates make, each rounded to 1e-6.</summary>
/// <param name="StandIn">Of a turn without vectors, in place of <paramref name="Piece"/> and <paramref name="Context"/>.</param>
internal readonly record struct MeaningParts(double Piece, double Context, double StandIn, double Window, double Date)
{
    public double Sum => Piece + Context + StandIn + Window + Date;

    public MeaningExplanation Explain() => new(Piece, Context, StandIn, Window, Date);

    public static MeaningParts Rounded(double piece, double context, double standIn, double window, double date)
    {
        const int digits = 6;
        return new(Math.Round(piece, digits), Math.Round(context, digits), Math.Round(standIn, digits), Math.Round(window, digits),
            Math.Round(date, digits));
    }
}
