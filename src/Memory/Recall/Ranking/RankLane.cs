using System.Collections.Concurrent;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// Admits a few rankings at a time: more than there are processors would only share them, and each holds working arrays
/// of the scope's size. A small scope is ranked at once: waiting for a place would take longer.
/// </summary>
internal sealed class RankLane(int concurrency) : IDisposable
{
    private const int SmallTurnsMax = 16_384;

    private readonly SemaphoreSlim places = new(concurrency, concurrency);
    private readonly ConcurrentBag<RankScratch> spare = [];

    public async ValueTask<IReadOnlyList<RankedTurn>> RankAsync(RankScope scope, RankQuery query, int limit, CancellationToken cancel) =>
        (await RankWithMaximaAsync(scope, query, limit, cancel)).Turns;

    /// <summary>The ranking, and what its scores are relative to.</summary>
    public async ValueTask<(IReadOnlyList<RankedTurn> Turns, RankMaxima Maxima)> RankWithMaximaAsync(
        RankScope scope, RankQuery query, int limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (scope.Turns <= SmallTurnsMax)
            return Rank(scope, query, limit);
        if (!places.Wait(0, cancel))
            await places.WaitAsync(cancel);
        try
        {
            return Rank(scope, query, limit);
        }
        finally
        {
            places.Release();
        }
    }

    private (IReadOnlyList<RankedTurn> Turns, RankMaxima Maxima) Rank(RankScope scope, RankQuery query, int limit)
    {
        var scratch = spare.TryTake(out var kept) ? kept : new RankScratch();
        try
        {
            var ranking = new RankTurns(scope, query, scratch);
            return (ranking.Rank(limit), ranking.Maxima);
        }
        finally
        {
            spare.Add(scratch);
        }
    }

    public void Dispose() => places.Dispose();
}
