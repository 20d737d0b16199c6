using System.Collections.Concurrent;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// Admits a few rankings at a time: more than there are processors would only share them, and each holds working arrays
/// of the scope's size.
/// </summary>
internal sealed class RankLane(int concurrency) : IDisposable
{
    private readonly SemaphoreSlim places = new(concurrency, concurrency);
    private readonly ConcurrentBag<RankScratch> spare = [];

    public async ValueTask<IReadOnlyList<RankedTurn>> RankAsync(RankScope scope, RankQuery query, int limit, CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        var scratch = spare.TryTake(out var kept) ? kept : new RankScratch();
        try
        {
            return new RankTurns(scope, query, scratch).Rank(limit);
        }
        finally
        {
            spare.Add(scratch);
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();
}
