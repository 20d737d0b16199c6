using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// What an encoder says of the turns: 0.5 · n(best piece) + 0.5 · n(the turn in its context), n over all turns of the scope.
/// A turn without vectors yet has 0.5 · n(static cosine) in their place, and so has every one of a scope that has too few.
/// </summary>
internal sealed class MeaningArm
{
    private readonly RankScratch scratch;
    private readonly Stretch pieces;
    private readonly Stretch contexts;
    private readonly Stretch statics;

    private MeaningArm(RankScope scope, RankScratch scratch, MeaningMaxima? floor)
    {
        this.scratch = scratch;
        pieces = Beside(floor?.Pieces, Stretch.Over([scratch.Pieces.AsMemory(0, scope.Turns)]));
        contexts = Beside(floor?.Contexts, Stretch.Over([scratch.Contexts.AsMemory(0, scope.Turns)]));
        statics = Beside(floor?.Statics, Stretch.Over([scratch.Statics.AsMemory(0, scope.Turns)]));
    }

    /// <summary>
    /// Scores every turn; null when the scope has vectors of the space for too few of them. Reads
    /// <see cref="RankScratch.Cosines"/>, writes what is named after its parts.
    /// </summary>
    /// <param name="asked">Whose vector is null when the static embedder knows nothing of the question.</param>
    public static MeaningArm? TryScore(RankScope scope, MeaningQuery query, RankScratch scratch, RankQuery asked)
    {
        var knowsStatics = asked.Vector is not null;
        var hasEnough = HasEnough(scope, query.Space);
        if (asked.Floor.Meaning is null && !hasEnough)
            return null;
        scratch.PrepareMeaning(scope);
        for (var i = 0; i < scope.Partitions.Length; i++)
        {
            var (partition, offset) = (scope.Partitions[i], scope.Offsets[i]);
            var best = scratch.Pieces.AsSpan(offset.Turns, partition.TurnCount);
            var inContext = scratch.Contexts.AsSpan(offset.Turns, partition.TurnCount);
            if (hasEnough && partition.Neural is { } rows && rows.Space.Id == query.Space.Id)
                ScoreRows(rows, query.Vector, best, inContext, scratch.Products);
            TakeContextsForPieces(best, inContext, asked.OfDocuments ? 0 : NeuralRows.WholeTurnsMax);
            TakeStatics(partition, offset, scratch, knowsStatics);
            Hide(partition, best, inContext, scratch.Statics.AsSpan(offset.Turns, partition.TurnCount));
        }

        return new MeaningArm(scope, scratch, asked.Floor.Meaning);
    }

    /// <param name="turn">Its place in the scope's working arrays.</param>
    public float PieceOf(int turn) => MeaningWeights.Piece * pieces.Of(scratch.Pieces[turn]);

    /// <summary>The better of the two cosines; NaN without vectors.</summary>
    public float CosineOf(int turn) => float.MaxNumber(scratch.Pieces[turn], scratch.Contexts[turn]);

    public float ContextOf(int turn) => MeaningWeights.Context * contexts.Of(scratch.Contexts[turn]);

    /// <summary>0 for a turn that has vectors.</summary>
    public float StandInOf(int turn) => float.IsNaN(scratch.Pieces[turn]) && float.IsNaN(scratch.Contexts[turn])
        ? MeaningWeights.StandIn * statics.Of(scratch.Statics[turn])
        : 0;

    /// <summary>What others are to be compared by, beside the best window's.</summary>
    public MeaningMaxima MaximaWith(float window) => new(pieces, contexts, statics, window);

    /// <summary>Adds its parts to the turns' own scores.</summary>
    public void AddTo(Span<float> bases)
    {
        for (var turn = 0; turn < bases.Length; turn++)
            bases[turn] += StandInOf(turn) + PieceOf(turn) + ContextOf(turn);
    }

    private static bool HasEnough(RankScope scope, VectorSpace space)
    {
        var (embedded, all) = (0L, 0L);
        foreach (var partition in scope.Partitions)
        {
            all += partition.TurnCount;
            embedded += partition.Neural is { } rows && rows.Space.Id == space.Id ? rows.Turns : 0;
        }

        var least = all < MeaningWeights.FewTurns ? MeaningWeights.EmbeddedShareOfFewMin : MeaningWeights.EmbeddedShareMin;
        return embedded > 0 && embedded >= all * least;
    }

    private static void ScoreRows(NeuralRows.View rows, QueryVector query, Span<float> pieces, Span<float> contexts, int[] room)
    {
        const int blockRows = Blocks<sbyte>.BlockRows;
        for (var from = 0; from < rows.Count; from += blockRows)
        {
            var products = room.AsSpan(0, Math.Min(rows.Count - from, blockRows));
            VectorKernel.Dot(rows.Rows.Block(from / blockRows), query.Row.Length, query.Row, products);
            var scales = rows.Scales.Block(from / blockRows);
            var owners = rows.Owners.Block(from / blockRows);
            for (var i = 0; i < products.Length; i++)
            {
                var cosine = products[i] * (scales[i] * query.Scale);
                ref var best = ref (owners[i].IsContext ? ref contexts[owners[i].Turn] : ref pieces[owners[i].Turn]);
                if (!(cosine <= best))
                    best = cosine;
            }
        }
    }

    // What stands beside other rows is as near as those would be.
    private static Stretch Beside(Stretch? others, Stretch own) => others?.With(own) ?? own;

    // Of a partition's later turns only the contexts are kept; they stand for the pieces. Of documents there is nothing else.
    private static void TakeContextsForPieces(Span<float> pieces, ReadOnlySpan<float> contexts, int from)
    {
        for (var turn = from; turn < pieces.Length; turn++)
            pieces[turn] = float.IsNaN(pieces[turn]) ? contexts[turn] : pieces[turn];
    }

    private static void TakeStatics(PartitionSnapshot partition, RankScope.Offset offset, RankScratch scratch, bool isKnown)
    {
        var bests = scratch.Statics.AsSpan(offset.Turns, partition.TurnCount);
        ReadOnlySpan<float> cosines = isKnown ? scratch.Cosines.AsSpan(offset.Vectors, partition.VectorCount) : [];
        for (var turn = 0; turn < bests.Length; turn++)
        {
            var best = 0f;
            var (start, end) = isKnown ? partition.VectorsOf(turn) : default;
            for (var i = start; i < end; i++)
                best = Math.Max(best, cosines[i]);
            bests[turn] = best;
        }
    }

    // Hidden turns count for nothing, statistics included.
    private static void Hide(PartitionSnapshot partition, Span<float> pieces, Span<float> contexts, Span<float> statics)
    {
        if (partition.Hidden is not { } hidden)
            return;
        for (var turn = 0; turn < pieces.Length; turn++)
        {
            if (hidden.HasTurn(turn))
                pieces[turn] = contexts[turn] = statics[turn] = float.NaN;
        }
    }
}
