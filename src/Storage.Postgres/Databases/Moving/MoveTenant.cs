using System.Globalization;
using MemoryOrleans.Hosting;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Moves one tenant. The source's fence holds its writes while the last rows are copied, the target's until every process knows where
/// the tenant is; the directory is switched between the two, in one statement, and only by who is still the maker of the move. Before
/// that moment a failure leaves the tenant where it was, after it the tenant is in the target, whoever ends the move.
/// </summary>
/// <param name="maker">Names this process as the one that makes the move.</param>
/// <param name="readsEndAfter">After this time no read that was begun before is under way.</param>
internal sealed class MoveTenant(
    OpenDatabase home, OpenDatabase source, OpenDatabase target, string tenant, string maker, TimeProvider clock, MovePace pace,
    TimeSpan readsEndAfter)
{
    private const string Unfinished = "The process that made it ended; the tenant stayed where it was.";

    private static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(15);

    private long rows;

    /// <summary>From its beginning to its end; what goes wrong before the switch is noted in the move.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            await CopyAsync(cancel);
            if (!await home.Store.SwitchAsync(tenant, maker, cancel))
                throw new InvalidOperationException("The move is another process's by now.");
            await EndAsync(cancel);
        }
        catch (Exception failure)
        {
            // Also when this process ends: rather now than when another one finds the move, for writes may be held.
            using var patience = new CancellationTokenSource(SettledWithin, clock);
            await SettleAsync(failure is OperationCanceledException ? Unfinished : failure.Message, patience.Token);
        }
    }

    // Whether it was switched is known by the directory alone.
    private async Task SettleAsync(string error, CancellationToken cancel)
    {
        if (await home.Store.FindMoveAsync(tenant, cancel) is not { Move.State: < MoveState.Done } left || left.Maker != maker)
            return;
        if (left.Move.State == MoveState.Switched)
            await EndAsync(cancel);
        else
            await UndoAsync(error, cancel);
    }

    /// <summary>Ends what another process left: forwards when the tenant was switched, else back.</summary>
    public Task RecoverAsync(MoveState state, CancellationToken cancel) =>
        state == MoveState.Switched ? EndAsync(cancel) : UndoAsync(Unfinished, cancel);

    private async Task CopyAsync(CancellationToken cancel)
    {
        var copy = new CopyTenant(source.Options, target.Options,
            tenant) { Progress = count => NoteAsync(MoveState.Copying, count, cancel) };
        await CopyTenant.SetFenceAsync(target.Options, tenant, cancel);
        // What a move that failed may have left.
        await CopyTenant.EraseAsync(target.Options, tenant, cancel);
        var moment = await WithHeartbeatAsync(MoveState.Copying, copy.CopyAllAsync(cancel), cancel);
        await NoteAsync(MoveState.Holding, rows, cancel);
        await CopyTenant.SetFenceAsync(source.Options, tenant, cancel);
        var before = rows;
        var last = new CopyTenant(source.Options, target.Options,
            tenant) { Progress = count => NoteAsync(MoveState.Holding, before + count, cancel) };
        await WithHeartbeatAsync(
            MoveState.Holding,
            Task.Run(
                async () =>
                {
                    await last.CatchUpAsync(moment, cancel);
                    return true;
                },
                cancel),
            cancel);
    }

    private async Task EndAsync(CancellationToken cancel)
    {
        await Task.Delay(pace.KnownAfter, clock, cancel);
        await CopyTenant.LiftFenceAsync(target.Options, tenant, cancel);
        await NoteAsync(MoveState.Switched, rows, cancel, isReleased: true);
        await Task.Delay(readsEndAfter, clock, cancel);
        // Nobody may write there any more, should somebody still mean to.
        await CopyTenant.SetFenceAsync(source.Options, tenant, cancel);
        await WithHeartbeatAsync(MoveState.Switched, EraseAsync(source), cancel);
        await NoteAsync(MoveState.Done, rows, cancel, isReleased: true);

        async Task<bool> EraseAsync(OpenDatabase database)
        {
            await CopyTenant.EraseAsync(database.Options, tenant, cancel);
            return true;
        }
    }

    private async Task UndoAsync(string error, CancellationToken cancel)
    {
        // Copying again, so that nobody can switch it.
        await NoteAsync(MoveState.Copying, rows, cancel);
        await CopyTenant.LiftFenceAsync(source.Options, tenant, cancel);
        await CopyTenant.EraseAsync(target.Options, tenant, cancel);
        await home.Store.NoteMoveAsync(tenant, new MoveStep(maker, MoveState.Failed, Now(), rows, error, IsReleased: true), cancel);
    }

    private async Task NoteAsync(MoveState state, long count, CancellationToken cancel, bool isReleased = false)
    {
        rows = Math.Max(rows, count);
        if (!await home.Store.NoteMoveAsync(tenant, new MoveStep(maker, state, Now(), rows, Error: null, isReleased), cancel))
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The move is another process's by now, after {rows} rows."));
    }

    /// <summary>Says every few seconds that the move is made, while a part of it takes long.</summary>
    private async Task<T> WithHeartbeatAsync<T>(MoveState state, Task<T> part, CancellationToken cancel)
    {
        while (await Task.WhenAny(part, Task.Delay(pace.Heartbeat, clock, cancel)) != part && !cancel.IsCancellationRequested)
            await NoteAsync(state, rows, cancel);
        return await part;
    }

    private long Now() => Timestamp.Of(clock.GetUtcNow());
}
