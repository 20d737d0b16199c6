using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// What a neural model says of a scope's turns, 0..1, relative to the question: the nearest turn has 1, the farthest of the
/// hits 0, those beyond them nothing. Cosines of neural models lie in a narrow band of their own, so they are stretched over
/// the hits before they are added to other scores (min-max scaling in a convex combination; Bruch, Gai and Ingber, "An
/// Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 42(1), 2023).
/// </summary>
/// <param name="Model">Whose vectors they are.</param>
/// <param name="Hits">For each partition of the scope, score by turn number.</param>
/// <param name="UnseenFrom">Turns recorded since may not be embedded yet; microseconds since the Unix epoch.</param>
/// <param name="Allowed">How many hits the masks let through.</param>
internal sealed record NeuralScores(string Model, Dictionary<int, float>[] Hits, long UnseenFrom, int Allowed)
{
    public static NeuralScores Of(VectorSpace space, RankScope scope, IReadOnlyList<VectorHit> hits, DateTimeOffset unseenFrom)
    {
        var scored = Scale(hits).GroupBy(static hit => hit.SessionId, StringComparer.Ordinal)
            .ToDictionary(static each => each.Key, static each => each.ToDictionary(static hit => hit.Seq, static hit => hit.Cosine),
            StringComparer.Ordinal);
        var allowed = 0;
        var found = new Dictionary<int, float>[scope.Partitions.Length];
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = Locate(scope.Partitions[i], scored);
            allowed += scope.Masks[i] is { } mask ? found[i].Keys.Count(turn => mask.Allows(scope.Partitions[i], turn)) : found[i].Count;
        }

        return new NeuralScores(space.Model, found, Timestamp.Of(unseenFrom), allowed);
    }

    private static IEnumerable<VectorHit> Scale(IReadOnlyList<VectorHit> hits)
    {
        if (hits.Count == 0)
            return [];
        var (least, most) = (hits.Min(static hit => hit.Cosine), hits.Max(static hit => hit.Cosine));
        return most > least
            ? hits.Select(hit => hit with { Cosine = (hit.Cosine - least) / (most - least) })
            : hits.Select(static hit => hit with { Cosine = Math.Clamp(hit.Cosine, 0, 1) });
    }

    // Hits name sessions and seqs; the index numbers turns. A hit newer than the snapshot, or gone since, is left out.
    private static Dictionary<int, float> Locate(PartitionSnapshot partition, Dictionary<string, Dictionary<long, float>> scored)
    {
        var located = new Dictionary<int, float>();
        for (var session = 0; session < partition.SessionCount; session++)
        {
            if (!scored.TryGetValue(partition.Sessions[session].Id, out var turns))
                continue;
            var left = turns.Count;
            for (var turn = partition.NewestTurnOf(session); turn >= 0 && left > 0; turn = partition.Turns[turn].Previous)
            {
                if (!turns.TryGetValue(partition.Details[turn].Seq, out var score))
                    continue;
                located[turn] = score;
                left--;
            }
        }

        return located;
    }
}
