using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Erasures;

/// <summary>Ends erasures that whoever began them did not: they took too long, or the process died.</summary>
public sealed class ErasureHandler(ErasureOperations erase, TimeProvider clock, TimeSpan atOnce) : SingleDueHandler
{
    public override string KindPrefix => DueKinds.Erasure;

    protected override async Task<DueOutcome> RunAsync(DueWork work, CancellationToken cancel)
    {
        if (await erase.FindAsync(work.Tenant, work.Subject, cancel) is not { IsDone: false } erasure)
            return new DueFinished(work.Cursor);
        var ended = await erase.RunAsync(work.Tenant, erasure, atOnce, cancel);
        return ended.IsDone ? new DueFinished(work.Cursor + 1) : new DueGoesOn(work.Cursor + 1, clock.GetUtcNow());
    }
}
