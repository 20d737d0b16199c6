namespace MemoryOrleans.Scheduling;

/// <summary>What became of a batch, for whoever watches.</summary>
/// <param name="Pause">How long to leave the handler alone; null when it may go on.</param>
public readonly record struct DueRound(int Claimed, TimeSpan? Pause);

/// <summary>
/// Claims due work, lets the handler of its kind do it, and ends the claim. Any number of processes may do so at once. A
/// claim whose end cannot be written is left to its lease, and its work done again by whoever claims it next.
/// </summary>
/// <param name="chance">At random, 0 ≤ chance &lt; 1; spreads retries.</param>
/// <param name="failed">Told of every failed attempt: the work, why, and whether it is dead now.</param>
/// <param name="shards">Whose work it does; null: all there is.</param>
public sealed class DueWorkRunner(
    IDueStore store, TimeProvider clock, Func<double> chance, DueLimits limits, Action<DueWork, DueFailed, bool>? failed = null,
    DueShards? shards = null)
{
    private static readonly TimeSpan EndingMax = TimeSpan.FromSeconds(5);

    public DueLimits Limits => limits;

    /// <summary>Claims a batch of the handler's kinds and does it; what it claimed is 0 when nothing was due.</summary>
    /// <param name="pausesBefore">Pauses of this handler in a row.</param>
    /// <param name="shard">Only work of this shard, 0..63; null: of all that this process holds.</param>
    public async Task<DueRound> RunAsync(IDueHandler handler, int pausesBefore, CancellationToken cancel, int? shard = null)
    {
        var claimed = await ClaimAsync(handler, cancel, shard);
        return new DueRound(claimed.Count, claimed.Count == 0 ? null : await RunAsync(handler, claimed, pausesBefore, cancel));
    }

    internal ValueTask<IReadOnlyList<DueWork>> ClaimAsync(IDueHandler handler, CancellationToken cancel, int? shard = null)
    {
        var held = shard is { } one ? 1L << one : shards?.Held ?? -1;
        return held == 0
            ? new ValueTask<IReadOnlyList<DueWork>>([])
            : store.ClaimAsync([handler.KindPrefix], handler.BatchMax, clock.GetUtcNow(), limits.Lease, cancel, held, handler.TakeNewest());
    }

    /// <summary>Does claimed works; how long the handler is to be left alone, when all of them failed in passing.</summary>
    internal async Task<TimeSpan?> RunAsync(IDueHandler handler, IReadOnlyList<DueWork> claimed, int pausesBefore, CancellationToken cancel)
    {
        using var lease = new CancellationTokenSource(limits.HandlerMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, lease.Token);
        var outcomes = new List<DueOutcome>(claimed.Count);
        foreach (var kind in claimed.GroupBy(static work => work.Kind, StringComparer.Ordinal))
        {
            var works = kind.ToArray();
            var ended = await AttemptAsync(handler, works, cancel, either.Token);
            outcomes.AddRange(ended);
            for (var i = 0; i < works.Length; i++)
                await EndAsync(handler, works[i], ended[i]);
        }

        return outcomes.TrueForAll(static outcome => outcome is DueFailed { IsPassing: true })
            ? DelayOf(handler, outcomes.OfType<DueFailed>().MaxBy(static each => each.RetryAfter)!, pausesBefore + 1)
            : null;
    }

    // A job boundary: whatever a handler throws becomes a failure of the works it was given.
    private async Task<IReadOnlyList<DueOutcome>> AttemptAsync(
        IDueHandler handler, DueWork[] works, CancellationToken stopping, CancellationToken cancel)
    {
        try
        {
            var outcomes = await handler.RunAsync(works, cancel);
            return outcomes.Count == works.Length
                ? outcomes
                : throw new InvalidOperationException($"{works.Length} works had {outcomes.Count} outcomes.");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Due again at once: another process continues, or this one after its restart.
            return Array.ConvertAll(works, DueOutcome (work) => new DueGoesOn(work.Cursor, clock.GetUtcNow()));
        }
        catch (OperationCanceledException)
        {
            return FailAll(works, "It took longer than its lease.", isPassing: false);
        }
        catch (StoreUnavailableException)
        {
            return FailAll(works, "The store cannot be reached.", isPassing: true);
        }
        catch (Exception failure)
        {
            // The message of an unexpected exception may quote stored text, so it is not kept.
            return FailAll(works, $"Unexpected {failure.GetType().Name}.", isPassing: false);
        }
    }

    private static DueOutcome[] FailAll(DueWork[] works, string reason, bool isPassing) =>
        Array.ConvertAll(works, DueOutcome (work) => new DueFailed(work.Cursor, reason, isPassing));

    // Not cancelled when the process stops, for claims should end soon then. If the store is away, they end with their lease.
    private async Task EndAsync(IDueHandler handler, DueWork work, DueOutcome outcome)
    {
        using var ending = new CancellationTokenSource(EndingMax, clock);
        var now = clock.GetUtcNow();
        try
        {
            await (outcome switch
            {
                DueFinished => store.FinishAsync(work, outcome.Cursor, now, ending.Token),
                DueGoesOn goesOn => store.PostponeAsync(work, outcome.Cursor, goesOn.DueAt, now, ending.Token),
                DueFailed failure => FailAsync(handler, work, failure, now, ending.Token),
                _ => throw new InvalidOperationException($"{outcome.GetType().Name} is not an outcome of due work."),
            });
        }
        catch (Exception lost) when (lost is StoreUnavailableException or OperationCanceledException)
        {
            failed?.Invoke(work, new DueFailed(outcome.Cursor, "The end of its claim could not be written.", IsPassing: true), false);
        }
    }

    private async ValueTask<bool> FailAsync(
        IDueHandler handler, DueWork work, DueFailed failure, DateTimeOffset now, CancellationToken cancel)
    {
        var isDead = !failure.IsPassing && work.Attempts >= (handler.AttemptsMax ?? limits.AttemptsMax);
        failed?.Invoke(work, failure, isDead);
        return isDead
            ? await store.BuryAsync(work, failure.Cursor, failure.Reason, now, cancel)
            : await store.RetryAsync(work, failure.Cursor, now + DelayOf(handler, failure, Math.Max(work.Attempts, 1)), failure.Reason,
            now, cancel);
    }

    private TimeSpan DelayOf(IDueHandler handler, DueFailed failure, int failures)
    {
        var backoff = handler.Backoff ?? limits.Backoff;
        return failure.RetryAfter is { } asked ? asked + (backoff.Base * chance()) : backoff.DelayAfter(failures, chance());
    }
}
