using MemoryOrleans.Embeddings;

namespace MemoryOrleans.Updates;

/// <summary>The typical sentence that a statement is nearest to.</summary>
internal sealed record Prototype(string Slot, double Cosine);

/// <summary>What an embedder makes of English statements. Any number of threads may ask.</summary>
internal sealed class Meanings(IEmbedder embedder)
{
    private readonly Prototypes prototypes = new(embedder);

    /// <summary>A unit vector; empty where the embedder knows nothing of it.</summary>
    public float[] VectorOf(Wording wording)
    {
        if (wording.Language != Languages.English)
            return [];
        var vector = new float[embedder.Dimensions];
        return embedder.TryEmbed(wording.Text, vector) ? vector : [];
    }

    /// <summary>The typical sentence nearest to a vector; null without one near enough.</summary>
    public Prototype? NearestTo(float[] vector) => prototypes.NearestTo(vector);
}
