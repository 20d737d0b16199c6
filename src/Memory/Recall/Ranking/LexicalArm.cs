using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// BM25 of every chunk and, from the same postings, of every session (dates left out of sessions). Term by term in
/// query order, so that a score does not depend on how the index was built.
/// </summary>
internal static class LexicalArm
{
    // Of a term in so many chunks it pays to know beforehand what one occurrence counts.
    private const int TabledFrom = 1_024;

    /// <summary>Adds to <see cref="RankScratch.ChunkScores"/> and <see cref="RankScratch.SessionScores"/>.</summary>
    public static void Score(RankScope scope, IReadOnlyList<WeightedTerm> terms, RankScratch scratch)
    {
        var chunkFormula = new Bm25(RankerWeights.ChunkK1, RankerWeights.ChunkB, scope.MeanChunkTerms);
        var sessionFormula = new Bm25(RankerWeights.SessionK1, RankerWeights.SessionB, scope.MeanSessionTerms);
        foreach (var term in terms)
        {
            var containing = scope.CountChunks(term.Hash);
            if (containing == 0)
                continue;
            var weight = Bm25.Idf(scope.LiveChunks, containing) * term.Count;
            var touched = 0;
            for (var i = 0; i < scope.Partitions.Length; i++)
                touched = ScoreChunks(scope.Partitions[i], scope.Offsets[i], term.Hash, weight, chunkFormula, scratch, touched);
            ScoreSessions(scope, term, touched, sessionFormula, scratch);
        }
    }

    private static int ScoreChunks(
        PartitionSnapshot partition, RankScope.Offset offset, ulong term, float weight, Bm25 formula, RankScratch scratch, int touched)
    {
        var scores = scratch.ChunkScores.AsSpan(offset.Chunks, partition.ChunkCount);
        var counts = scratch.SessionCounts;
        var postings = partition.FindPostings(term);
        var hidden = partition.Hidden;
        var once = postings.Length < TabledFrom ? [] : FillOnce(weight, formula, scratch.OnceByLength);
        var block = -1;
        ReadOnlySpan<ChunkEntry> rows = [];
        foreach (var posting in postings)
        {
            var number = Posting.ChunkOf(posting);
            if (hidden?.HasChunk(number) == true)
                continue;
            if (number / Blocks<ChunkEntry>.BlockRows != block)
            {
                block = number / Blocks<ChunkEntry>.BlockRows;
                rows = partition.Chunks.Block(block);
            }

            ref readonly var chunk = ref rows[number % Blocks<ChunkEntry>.BlockRows];
            var said = Posting.CountOf(posting);
            scores[number] += said == 1 && chunk.Terms < once.Length ? once[chunk.Terms] : weight * formula.TermPart(said, chunk.Terms);
            var inText = Posting.TextCountOf(posting);
            if (inText == 0)
                continue;
            ref var count = ref counts[offset.Sessions + chunk.Session];
            if (count == 0)
                scratch.TouchedSessions[touched++] = offset.Sessions + chunk.Session;
            count += inText;
        }

        return touched;
    }

    private static ReadOnlySpan<float> FillOnce(float weight, Bm25 formula, float[] room)
    {
        for (var length = 0; length < room.Length; length++)
            room[length] = weight * formula.TermPart(1, length);
        return room;
    }

    private static void ScoreSessions(RankScope scope, WeightedTerm term, int touched, Bm25 formula, RankScratch scratch)
    {
        var weight = Bm25.Idf(scope.LiveSessions, touched) * term.Count;
        var partition = 0;
        foreach (var session in scratch.TouchedSessions.AsSpan(0, touched))
        {
            while (partition + 1 < scope.Partitions.Length && session >= scope.Offsets[partition + 1].Sessions)
                partition++;
            var length = scope.Partitions[partition].SessionTermsOf(session - scope.Offsets[partition].Sessions);
            scratch.SessionScores[session] += weight * formula.TermPart(scratch.SessionCounts[session], length);
            scratch.SessionCounts[session] = 0;
        }
    }
}
