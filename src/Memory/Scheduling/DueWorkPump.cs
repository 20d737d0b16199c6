namespace MemoryOrleans.Scheduling;

/// <summary>
/// Keeps one handler busy: looks for due work when woken and, while idle, every so often; again at once when there was more
/// than one batch. A handler whose whole batch failed in passing is left alone for a growing while, so that an outage costs
/// one batch at a time and the rest is not touched.
/// </summary>
/// <param name="failed">Told what went wrong outside of a handler, for the log.</param>
public sealed class DueWorkPump(DueWorkRunner run, IDueHandler handler, TimeProvider clock, Action<Exception> failed)
{
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(30);

    private readonly Lock pauseLock = new();
    private readonly List<Task> underWay = [];
    private TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? pause;
    private int pauses;

    public IDueHandler Handler => handler;

    /// <summary>Lets it look at once.</summary>
    public void Wake() => Volatile.Read(ref woken).TrySetResult();

    /// <summary>Runs until cancelled, and then until the batches under way have ended their claims.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var lanes = new SemaphoreSlim(handler.Lanes, handler.Lanes);
        try
        {
            while (!cancel.IsCancellationRequested)
                await LookAsync(lanes, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopping is the only way out.
        }

        await Task.WhenAll(underWay);
    }

    private async Task LookAsync(SemaphoreSlim lanes, CancellationToken cancel)
    {
        await lanes.WaitAsync(cancel);
        if (TakePause() is { } length)
        {
            lanes.Release();
            await Task.Delay(length, clock, cancel);
            return;
        }

        var wake = Reset();
        var claimed = await ClaimAsync(cancel);
        if (claimed.Count == 0)
        {
            lanes.Release();
        }
        else
        {
            underWay.RemoveAll(static task => task.IsCompleted);
            underWay.Add(RunAsync(claimed, lanes, cancel));
        }

        if (claimed.Count < handler.BatchMax)
            await WaitAsync(wake, cancel);
    }

    private TimeSpan? TakePause()
    {
        lock (pauseLock)
        {
            var taken = pause;
            pause = null;
            return taken;
        }
    }

    private void Pause(TimeSpan? length)
    {
        lock (pauseLock)
        {
            pauses = length is null ? 0 : pauses + 1;
            pause = length;
        }
    }

    private Task Reset()
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref woken, next);
        return next.Task;
    }

    private async Task WaitAsync(Task wake, CancellationToken cancel)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(wake, Task.Delay(handler.Poll ?? run.Limits.Poll, clock, idle.Token));
        await idle.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    // A job boundary: a look that fails is reported, and the next one tries again. A store may give up by itself, as if cancelled.
    private async ValueTask<IReadOnlyList<DueWork>> ClaimAsync(CancellationToken cancel)
    {
        try
        {
            return await run.ClaimAsync(handler, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Report(failure);
            return [];
        }
    }

    private async Task RunAsync(IReadOnlyList<DueWork> claimed, SemaphoreSlim lanes, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        try
        {
            Pause(await run.RunAsync(handler, claimed, Volatile.Read(ref pauses), cancel));
        }
        catch (Exception failure)
        {
            // A job boundary: the work stays claimed until its lease ends, and is due again then.
            Report(failure);
        }
        finally
        {
            if (handler.Share < 1)
                await RestAsync(clock.GetElapsedTime(started), cancel);
            lanes.Release();
        }
    }

    private async Task RestAsync(TimeSpan worked, CancellationToken cancel)
    {
        var rest = worked * ((1 / handler.Share) - 1);
        await Task.Delay(rest < RestMax ? rest : RestMax, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Report(Exception failure)
    {
        Pause(run.Limits.Backoff.DelayAfter(Volatile.Read(ref pauses) + 1, 0));
        failed(failure);
    }
}
