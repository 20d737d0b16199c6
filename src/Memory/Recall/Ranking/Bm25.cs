namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with the non-negative idf of Lucene:
/// idf = ln(1 + (N − df + 0.5) / (df + 0.5)); term part = (k1 + 1)·tf / (tf + k1·(1 − b + b·length / mean)).
/// </summary>
internal readonly struct Bm25
{
    public const int TabledLengths = 256;
    private readonly float k1;
    private readonly float b;
    private readonly float mean;
    private readonly float[] norms;

    /// <param name="mean">Mean length of a document in terms; 0 for an empty collection.</param>
    public Bm25(float k1, float b, float mean)
    {
        this.k1 = k1;
        this.b = b;
        this.mean = Math.Max(mean, 1e-6f);
        norms = new float[TabledLengths];
        for (var length = 0; length < TabledLengths; length++)
            norms[length] = Norm(length);
    }

    /// <param name="documents">N, documents in the collection.</param>
    /// <param name="containing">df, those that hold the term, 0..N.</param>
    public static float Idf(long documents, long containing) =>
        (float)Math.Log(1 + ((documents - containing + 0.5) / (containing + 0.5)));

    /// <summary>The term part, without idf; 0..k1 + 1.</summary>
    public float TermPart(int count, int length) => TermPart((float)count, length);

    public float TermPart(float count, int length)
    {
        var norm = length < TabledLengths ? norms[length] : Norm(length);
        return (k1 + 1) * count / (count + norm);
    }

    private float Norm(int length) => k1 * (1 - b + (b * length / mean));
}
