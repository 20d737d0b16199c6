using System.Numerics;
using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Updates;

/// <summary>Sentences typical of an attribute, by whose vectors a statement's attribute is told where no word of it is there.</summary>
internal sealed class Prototypes
{
    /// <summary>Below this cosine a statement is near to none.</summary>
    public const double CosineMin = 0.33;

    private readonly List<(string Slot, float[] Vector)> rows = [];

    public Prototypes(IEmbedder embedder)
    {
        foreach (var (slot, text) in WordFile.Read("prototypes"))
        {
            foreach (var sentence in text.Split('|', StringSplitOptions.TrimEntries))
            {
                var vector = new float[embedder.Dimensions];
                if (embedder.TryEmbed(sentence, vector))
                    rows.Add((slot, vector));
            }
        }
    }

    public Prototype? NearestTo(float[] vector)
    {
        Prototype? best = null;
        foreach (var (slot, row) in rows)
        {
            var cosine = Cosine(row, vector);
            if (cosine >= CosineMin && (best is null || cosine > best.Cosine))
                best = new Prototype(slot, cosine);
        }

        return best;
    }

    public static double Cosine(float[]? left, float[]? right)
    {
        if (left is null || right is null)
            return 0;
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= left.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(left, i) * new Vector<float>(right, i);
        var rest = Vector.Sum(sum);
        for (; i < left.Length; i++)
            rest += left[i] * right[i];
        return rest;
    }
}
