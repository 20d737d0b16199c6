using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// Where an index has an encoder's vectors of its rows from. They come after the rows themselves, whenever they are made.
/// </summary>
public abstract class IndexVectors
{
    /// <summary>The space that recall asks; null while there is none of the model.</summary>
    public abstract VectorSpace? Space { get; }

    /// <summary>Gives a partition the vectors that there are for its rows, and publishes it.</summary>
    internal abstract Task FillAsync(IndexPartition partition, VectorSpace space);
}
