using MemoryOrleans.Scheduling;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Erasures;

/// <summary>
/// Erases tenants as a whole. From its first moment on nothing of the tenant is written and its data key is gone; rows go in bounded
/// steps, each of which may be the last before the process dies; the end is a step that finds nothing left. What others keep in memory is
/// forgotten before that end, while nothing can be kept anew.
/// </summary>
/// <param name="ids">Mints ids of erasures; unique within a tenant.</param>
/// <param name="forget">
/// Has every process drop all that it keeps of a tenant; throws StoreUnavailableException when one did not answer.
/// </param>
public sealed class EraseTenants(
    IErasureStore erasures, IAuditStore audit, IDueStore due, TimeProvider clock, Func<string> ids,
    Func<string, CancellationToken, Task> forget)
{
    // Other writers wait for a step's transaction, so it stays small.
    private const int RowsAtOnce = 2_000;

    // Whoever began it has this long to end it. After that it counts as interrupted and becomes due work.
    private static readonly TimeSpan Head = TimeSpan.FromSeconds(30);

    /// <summary>Begins it and goes on for as long as patience lasts; what takes longer goes on by due work.</summary>
    public async Task<Outcome<TenantErasure>> EraseAsync(
        string tenant, string requester, string requesterTenant, TimeSpan patience, CancellationToken cancel)
    {
        var now = Now();
        var wanted = new TenantErasure(ids(), requester, requesterTenant, now);
        try
        {
            var entry = new AuditEntry(now, requester, "tenant.erasure_requested", $"tenant:{tenant}");
            var begun = await erasures.BeginTenantErasureAsync(tenant, wanted, entry, now + Head, cancel);
            if (!begun.IsSuccess)
                return begun.Error;
            var ended = await RunAsync(tenant, begun.Value, patience, cancel);
            if (!ended.IsDone)
                await due.WakeAsync(tenant, DueKinds.TenantErasure, ended.Id, Now(), cancel);
            return ended;
        }
        catch (StoreUnavailableException)
        {
            return new MemoryError(
                ErrorCode.StoreUnavailable, "The store cannot write at the moment; an erasure that has begun is ended later.",
                RetryAfter: TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>The newest erasure of the tenant; NotFound when it was never erased.</summary>
    public async Task<Outcome<TenantErasure>> GetAsync(string tenant, CancellationToken cancel) =>
        await erasures.FindTenantErasureAsync(tenant, cancel) is { } found
        ? found : new MemoryError(ErrorCode.NotFound, "The tenant was never erased.");

    /// <summary>Does what is left, for as long as patience lasts; the certificate, or the erasure still running.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write, or a process did not answer; what is gone stays so.</exception>
    internal async Task<TenantErasure> RunAsync(string tenant, TenantErasure erasure, TimeSpan patience, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        // Before anything is removed: whoever reads the tenant's settings from now on is told what is going on.
        await forget(tenant, cancel);
        while (await erasures.EraseTenantRowsAsync(tenant, erasure.Id, RowsAtOnce, cancel) > 0)
        {
            if (clock.GetElapsedTime(started) > patience)
                return await LatestAsync(tenant, erasure, cancel);
        }

        if (HeldUntil(erasure) > Now())
            return await LatestAsync(tenant, erasure, cancel);
        await forget(tenant, cancel);
        return await EndAsync(tenant, erasure, cancel);
    }

    /// <summary>Until then it is not ended, whatever is left: other processes may still go by a key that is destroyed.</summary>
    internal DateTimeOffset HeldUntil(TenantErasure erasure) => erasure.RequestedAt + erasures.TenantErasureHold;

    internal ValueTask<TenantErasure?> FindAsync(string tenant, CancellationToken cancel) =>
        erasures.FindTenantErasureAsync(tenant, cancel);

    private async Task<TenantErasure> EndAsync(string tenant, TenantErasure erasure, CancellationToken cancel)
    {
        var now = Now();
        var entry = new AuditEntry(now, erasure.Requester, "tenant.erased", $"tenant:{tenant}");
        // First the operators' trail: an end that is told of twice is better than one that nobody was told of.
        if (erasure.RequesterTenant != tenant)
            await audit.AppendAuditAsync(erasure.RequesterTenant, entry, cancel);
        await erasures.CompleteTenantErasureAsync(tenant, erasure.Id, now, entry, cancel);
        await forget(tenant, cancel);
        return await LatestAsync(tenant, erasure, cancel);
    }

    private async Task<TenantErasure> LatestAsync(string tenant, TenantErasure erasure, CancellationToken cancel) =>
        await erasures.FindTenantErasureAsync(tenant, cancel) is { } found && found.Id == erasure.Id ? found : erasure;

    private DateTimeOffset Now() => Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));
}
