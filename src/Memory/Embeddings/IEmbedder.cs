namespace MemoryOrleans.Embeddings;

/// <summary>
/// Port of a local embedder that takes microseconds: text to one unit vector. Deterministic, and safe for concurrent use.
/// </summary>
public interface IEmbedder
{
    /// <summary>Names the vector space; vectors of different models are never compared.</summary>
    string ModelId { get; }

    /// <summary>Components of a vector, 1..4,000.</summary>
    int Dimensions { get; }

    /// <summary>
    /// Writes the L2-normalised vector of <paramref name="text"/> to <paramref name="vector"/>, whose length is
    /// <see cref="Dimensions"/>. False, and zeros, when the text holds nothing the model knows.
    /// </summary>
    bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector);

    /// <summary>A lower-case word's place by frequency in the model's language, 0 the most frequent; −1 where it is not known.</summary>
    int RankOf(string word) => -1;
}
