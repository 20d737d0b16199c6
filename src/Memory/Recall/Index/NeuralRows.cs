using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// Vectors of a model for a partition's turns, beside what the partition holds itself: a row of int8 with a scale for each
/// piece of a turn and for the turn in its context. Turns come in any order, whenever they are embedded. One writer; readers
/// use <see cref="View"/>.
/// </summary>
internal sealed class NeuralRows(VectorSpace space)
{
    /// <summary>
    /// A partition's turns from this number on keep the vector of their context alone: 400 bytes each, for some 1,400 with the pieces'.
    /// </summary>
    public const int WholeTurnsMax = 200_000;

    private readonly Blocks<sbyte> rows = new(VectorKernel.StrideOf(space.Dimensions));
    private readonly Blocks<float> scales = new();
    private readonly Blocks<RowOwner> owners = new();
    private ulong[] embedded = [];
    private int turns;

    public VectorSpace Space => space;

    public long Bytes => rows.Bytes + scales.Bytes + owners.Bytes + (embedded.Length * 8L);

    public bool Has(int turn) => (turn >> 6) < embedded.Length && ((embedded[turn >> 6] >> turn) & 1) != 0;

    /// <summary>Appends a turn's rows; those of a turn that has some already are left out.</summary>
    public void Append(int turn, NeuralTurn vectors)
    {
        if (vectors.Count == 0 || Has(turn))
            return;
        Mark(turn);
        var kept = turn >= WholeTurnsMax && vectors.HasContext ? 1 : vectors.Count;
        for (var i = 0; i < kept; i++)
        {
            vectors.RowOf(i).CopyTo(rows.Append());
            scales.Append(vectors.Scales[i]);
            owners.Append(RowOwner.Of(turn, isContext: i == 0 && vectors.HasContext));
        }
    }

    /// <summary>Copies a turn's row as it is.</summary>
    public void Append(RowOwner owner, ReadOnlySpan<sbyte> row, float scale)
    {
        if (!Has(owner.Turn))
            Mark(owner.Turn);
        row.CopyTo(rows.Append());
        scales.Append(scale);
        owners.Append(owner);
    }

    public View Read() => new(space, scales.Count, turns, rows.Read(), scales.Read(), owners.Read());

    private void Mark(int turn)
    {
        if ((turn >> 6) >= embedded.Length)
            Array.Resize(ref embedded, Math.Max((turn >> 6) + 1, embedded.Length * 2));
        embedded[turn >> 6] |= 1UL << turn;
        turns++;
    }

    /// <summary>The rows as they were at a time; immutable.</summary>
    /// <param name="Turns">Turns that have rows, hidden ones included.</param>
    internal sealed record View(
        VectorSpace Space, int Count, int Turns, Blocks<sbyte>.View Rows, Blocks<float>.View Scales, Blocks<RowOwner>.View Owners);
}

/// <summary>Whose a row is: the turn's number, and whether it is the turn in its context or one of its pieces.</summary>
internal readonly record struct RowOwner(uint Packed)
{
    public static RowOwner Of(int turn, bool isContext) => new(((uint)turn << 1) | (isContext ? 1u : 0));

    public int Turn => (int)(Packed >> 1);

    public bool IsContext => (Packed & 1) != 0;

    public RowOwner MoveTo(int turn) => Of(turn, IsContext);
}

/// <summary>A turn's vectors made ready for the index: the one in its context first, where there is one, then its pieces'.</summary>
internal sealed class NeuralTurn
{
    private readonly sbyte[] rows;
    private readonly int dimensions;

    private NeuralTurn(sbyte[] rows, float[] scales, int dimensions, bool hasContext)
    {
        this.rows = rows;
        this.dimensions = dimensions;
        Scales = scales;
        HasContext = hasContext;
    }

    public int Count => Scales.Length;

    public bool HasContext { get; }

    public float[] Scales { get; }

    public ReadOnlySpan<sbyte> RowOf(int i) => rows.AsSpan(i * dimensions, dimensions);

    /// <param name="context">Unit vector; null where only pieces are kept.</param>
    /// <param name="pieces">Unit vectors of the same dimensions; empty where only the context is kept.</param>
    public static NeuralTurn Of(float[]? context, IReadOnlyList<float[]> pieces)
    {
        float[][] vectors = context is null ? [.. pieces] : [context, .. pieces];
        var length = vectors.Length == 0 ? 0 : vectors[0].Length;
        var quantised = new sbyte[vectors.Length * length];
        var scales = new float[vectors.Length];
        for (var i = 0; i < vectors.Length; i++)
            scales[i] = VectorKernel.Quantize(vectors[i], quantised.AsSpan(i * length, length));
        return new NeuralTurn(quantised, scales, length, context is not null);
    }
}
