using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Erasures;

/// <summary>Ends erasures of tenants that whoever began them did not.</summary>
public sealed class TenantErasureHandler(EraseTenants erase, TimeProvider clock, TimeSpan atOnce) : SingleDueHandler
{
    public override string KindPrefix => DueKinds.TenantErasure;

    protected override async Task<DueOutcome> RunAsync(DueWork work, CancellationToken cancel)
    {
        if (await erase.FindAsync(work.Tenant, cancel) is not { IsDone: false } erasure || erasure.Id != work.Subject)
            return new DueFinished(work.Cursor);
        var ended = await erase.RunAsync(work.Tenant, erasure, atOnce, cancel);
        if (ended.IsDone)
            return new DueFinished(work.Cursor + 1);
        var (now, heldUntil) = (clock.GetUtcNow(), erase.HeldUntil(erasure));
        return new DueGoesOn(work.Cursor + 1, now > heldUntil ? now : heldUntil);
    }
}
