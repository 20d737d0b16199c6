using MemoryOrleans.Embeddings;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Recall;

/// <summary>A small embedder that gives each word a direction of its own and knows about four words in five.</summary>
internal sealed class WordEmbedder(int dimensions) : IEmbedder
{
    /// <summary>A number of components that is no multiple of a vector lane.</summary>
    public static readonly WordEmbedder Small = new(20);

    public string ModelId => $"words-{dimensions}";

    public int Dimensions => dimensions;

    public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector)
    {
        vector.Clear();
        foreach (var token in new Tokenizer().Tokenize(text))
        {
            var bits = TermHash.Of(token);
            if (bits % 5 == 0)
                continue;
            for (var i = 0; i < vector.Length; i++)
            {
                bits = (bits * 6364136223846793005) + 1442695040888963407;
                vector[i] += ((bits >> 40) / (float)(1 << 23)) - 1;
            }
        }

        var length = 0.0;
        foreach (var component in vector)
            length += component * (double)component;
        if (length == 0)
            return false;
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] / Math.Sqrt(length));
        return true;
    }
}
