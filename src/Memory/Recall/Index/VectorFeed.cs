using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// The way of an encoder's vectors from the store into the recall index. They come after their turns, whenever those are
/// embedded, and by whichever process; so what is read is what turns of a partition lack.
/// </summary>
/// <param name="model">The encoder's; vectors of another model's space are of other texts.</param>
public sealed class VectorFeed(IVectorStore vectors, SpaceBook book, string model) : IndexVectors
{
    private const int TurnsPerRead = 1_000;
    private const int SpansPerRead = 64;

    public override VectorSpace? Space => book.Active is { } active && active.Model == model ? active : null;

    internal override async Task FillAsync(IndexPartition partition, VectorSpace space)
    {
        var tenant = partition.Snapshot.Key.Tenant;
        partition.KeepVectorsOf(space);
        foreach (var spans in Slice(partition.ListWithoutVectors(TurnsPerRead)))
        {
            var found = await vectors.ReadVectorsAsync(space, tenant, spans, CancellationToken.None);
            foreach (var session in found.GroupBy(static each => each.SessionId, StringComparer.Ordinal))
                partition.Append(session.Key, session.GroupBy(static each => each.Seq).ToDictionary(static turn => turn.Key, ToNeural));
        }

        partition.Publish(partition.Snapshot.Watermark);
    }

    private static NeuralTurn ToNeural(IEnumerable<StoredVector> turn)
    {
        var pieces = turn.ToArray();
        var context = Array.Find(pieces, static each => each.Piece == EncoderPieces.Context).Vector;
        return NeuralTurn.Of(context,
            [.. pieces.Where(static each => each.Piece != EncoderPieces.Context).Select(static each => each.Vector)]);
    }

    // Few turns or few sessions a read, so that no read holds much memory.
    private static IEnumerable<IReadOnlyList<TurnSpan>> Slice(IReadOnlyList<TurnSpan> spans)
    {
        var slice = new List<TurnSpan>();
        var turns = 0L;
        foreach (var span in spans)
        {
            var length = span.LastSeq - span.FirstSeq + 1;
            if (slice.Count > 0 && (turns + length > TurnsPerRead || slice.Count == SpansPerRead))
            {
                yield return slice;
                (slice, turns) = ([], 0);
            }

            slice.Add(span);
            turns += length;
        }

        if (slice.Count > 0)
            yield return slice;
    }
}
