using System.Collections.Concurrent;
using MemoryOrleans.Hosting;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Looks at the moves there are every second: so this process learns where tenants are by now, and ends moves that nobody makes any more.
/// Moves that this process makes end with it, and another one, or the next start, ends what was left.
/// </summary>
internal sealed class StoredMoves(
    OpenDatabase home, IReadOnlyList<OpenDatabase> all, TenantDatabases tenants, TimeProvider clock, MovePace pace)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, Task> making = new(StringComparer.Ordinal);
    private readonly string maker = Guid.NewGuid().ToString("n");
    private Task polling = Task.CompletedTask;
    private int disposed;

    public void Start() => polling = Task.Run(PollAsync);

    public async Task<Outcome<TenantMove>> BeginAsync(string tenant, OpenDatabase source, OpenDatabase target, CancellationToken cancel)
    {
        // Not to be found out when the copy is made: the target cannot be reached, or lacks a space of vectors.
        await target.OpenAsync(cancel);
        if (await target.FindFaultAsync(cancel) is { } fault)
            throw new StoreUnavailableException(fault);
        if (target != home)
            await (await target.OpenAsync(cancel)).FollowSpacesAsync(await home.Store.ListSpacesAsync(cancel), cancel);
        if (!await home.Store.BeginMoveAsync(tenant, source.Name, target.Name, maker, cancel))
            return new MemoryError(ErrorCode.Conflict, "The tenant is being moved already.", "database");
        Make(tenant, move => move.RunAsync(stop.Token), source, target);
        return (await home.Store.FindMoveAsync(tenant, cancel))!.Move;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await stop.CancelAsync();
        await polling;
        await Task.WhenAll(making.Values);
        stop.Dispose();
    }

    private void Make(string tenant, Func<MoveTenant, Task> make, OpenDatabase source, OpenDatabase target)
    {
        var readsEndAfter = pace.ReadsEndAfter ?? source.Options.CommandTimeout + source.Options.ConnectTimeout + TimeSpan.FromSeconds(2);
        var move = new MoveTenant(home, source, target, tenant, maker, clock, pace, readsEndAfter);
        making[tenant] = Task.Run(async () =>
        {
            try
            {
                await make(move);
            }
            catch (Exception failure)
            {
                // A job's boundary: what could not be ended now is taken over when it has been silent long enough.
                tenants.Unfinished?.Invoke(tenant, failure);
            }
        });
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
                await LookOnceAsync();
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private async Task LookOnceAsync()
    {
        try
        {
            var (isAnswered, moves) = await home.TryAskAsync((_, token) => tenants.RefreshAsync(token), stop.Token);
            foreach (var left in isAnswered ? moves! : [])
                await TakeOverAsync(left);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A job's boundary: the next look is in a second.
            tenants.Unfinished?.Invoke("?", failure);
        }
    }

    private async Task TakeOverAsync(StoredMove left)
    {
        var move = left.Move;
        var isMadeHere = making.TryGetValue(move.Tenant, out var own) && !own.IsCompleted;
        if (move.State >= MoveState.Done || clock.GetUtcNow() - left.HeartbeatAt < pace.DeadAfter || isMadeHere)
            return;
        var (source, target) = (all.FirstOrDefault(each => each.Name == move.Source), all.FirstOrDefault(each => each.Name == move.Target));
        if (source is null || target is null)
            return;
        var (isAnswered, isTaken) =
            await home.TryAskAsync((store, token) => store.TakeMoveOverAsync(move.Tenant, maker, pace.DeadAfter, token), stop.Token);
        if (isAnswered && isTaken && (await home.Store.FindMoveAsync(move.Tenant, stop.Token))?.Move is { } taken)
            Make(move.Tenant, each => each.RecoverAsync(taken.State, stop.Token), source, target);
    }
}
