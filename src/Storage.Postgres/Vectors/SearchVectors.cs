using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Finds the turns nearest to a question, by the vectors of their pieces.</summary>
internal sealed class SearchVectors(TenantReads reads, ScopeSizes sizes)
{
    /// <summary>Most turns have one piece, so this many rows hold enough turns; where they do not, the search is widened.</summary>
    private const int RowsMore = 8;

    public async Task<IReadOnlyList<VectorHit>> RunAsync(
        VectorSpace space, string tenant, IReadOnlyList<string?>? users, ReadOnlyMemory<float> question, int limit,
        CancellationToken cancel)
    {
        var queries = VectorQueries.Of(space);
        var columns = users is null ? [] : users.Select(UserName.ToColumn).ToArray();
        var isExact = !await sizes.IsIndexedAsync(space.Id, tenant, cancel)
            || (users is not null && !await sizes.IsLargeAsync(space.Id, tenant, columns, cancel));
        var vector = HalfVectors.Of(question.Span);
        for (var rows = limit + (limit / 8) + RowsMore; ; rows *= 4)
        {
            var query = isExact ? queries.Exact(ofUsers: users is not null) : queries.Near(ofUsers: users is not null, rows);
            var near = await reads.ReadPlainAsync(query, tenant, new VectorQuestion(vector, columns, rows), cancel);
            var turns = BestOfTurns(near);
            if (turns.Count >= limit || near.Count < rows)
                return [.. turns.Take(limit)];
        }
    }

    private static List<VectorHit> BestOfTurns(List<NearVector> near) => [.. near
        .GroupBy(static vector => (vector.SessionId, vector.Seq), static vector => vector.Cosine)
        .Select(static turn => new VectorHit(turn.Key.SessionId, turn.Key.Seq, turn.Max()))
        .OrderByDescending(static hit => hit.Cosine).ThenBy(static hit => hit.SessionId, StringComparer.Ordinal)
        .ThenBy(static hit => hit.Seq)];
}
