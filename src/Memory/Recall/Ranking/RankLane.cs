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
    /// <param name="meaning">What the encoder makes of the question; the words are ranked while it does. Null:
    /// <see cref="RankQuery.Meaning"/>.</param>
    public async ValueTask<(IReadOnlyList<RankedTurn> Turns, RankMaxima Maxima)> RankWithMaximaAsync(
        RankScope scope, RankQuery query, int limit, CancellationToken cancel, Task<MeaningAnswer>? meaning = null)
    {
        cancel.ThrowIfCancellationRequested();
        var isLarge = scope.Turns > SmallTurnsMax;
        var isHeld = isLarge && await EnterAsync(cancel);
        var scratch = spare.TryTake(out var kept) ? kept : new RankScratch();
        try
        {
            var ranking = new RankTurns(scope, query, scratch);
            ranking.ScoreWords();
            if (meaning is { IsCompleted: false })
            {
                // Others rank meanwhile.
                if (isHeld)
                    places.Release();
                isHeld = false;
                await meaning;
                isHeld = isLarge && await EnterAsync(cancel);
            }

            var turns = ranking.Finish(meaning is null ? query.Meaning : (await meaning).Question, limit);
            return (turns, ranking.Maxima);
        }
        finally
        {
            spare.Add(scratch);
            if (isHeld)
                places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    private async ValueTask<bool> EnterAsync(CancellationToken cancel)
    {
        if (!places.Wait(0, cancel))
            await places.WaitAsync(cancel);
        return true;
    }
}
