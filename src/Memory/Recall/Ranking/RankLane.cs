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

    public async ValueTask<IReadOnlyList<RankedTurn>> RankAsync(RankScope scope, RankQuery query, int limit, CancellationToken cancel) =>
        (await RankWithMaximaAsync(scope, query, limit, cancel)).Turns;

    /// <summary>The ranking, and what its scores are relative to.</summary>
    public async ValueTask<(IReadOnlyList<RankedTurn> Turns, RankMaxima Maxima)> RankWithMaximaAsync(
        RankScope scope, RankQuery query, int limit, CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        var scratch = spare.TryTake(out var kept) ? kept : new RankScratch();
        try
        {
            var ranking = new RankTurns(scope, query, scratch);
            var turns = ranking.Rank(limit);
            return (turns, ranking.Maxima);
        }
        finally
        {
            spare.Add(scratch);
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();
}
