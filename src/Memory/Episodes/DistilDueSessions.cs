using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Episodes;

/// <summary>Distils sessions when it is due: every so many turns, when they go idle, when they are closed.</summary>
public sealed class DistilDueSessions(
    DistilSession distil, ISessionStore sessions, IMemoryStore memories, TimeProvider clock, DistillationPace pace) : SingleDueHandler
{
    // Of a long session other work gets its turn in between, and a lease is enough.
    private const int SlicesAtOnce = 5;

    public override string KindPrefix => DueKinds.Distil;

    // The extractive distiller takes milliseconds of a processor for every few turns, and none of them is urgent.
    public override double Share => 0.15;

    protected override async Task<DueOutcome> RunAsync(DueWork work, CancellationToken cancel)
    {
        var key = new SessionKey(work.Tenant, work.Subject);
        if ((await sessions.FindSessionAsync(key, cancel)).Session is not { } session)
            return new DueFinished(work.Cursor);
        var distilled = await memories.FindDistilledAsync(key, cancel);
        if (DistilWakePolicy.PutOffUntil(session, distilled, clock.GetUtcNow(), pace) is { } later)
            return new DueGoesOn(distilled, later);
        try
        {
            return Of(await distil.RunAsync(key, cancel, SlicesAtOnce), distilled);
        }
        catch (DistillerException failure)
        {
            // The message may quote what the model answered.
            var reason = failure.IsPassing ? "The distiller does not answer." : "The distiller made nothing of the turns.";
            return new DueFailed(distilled, reason, failure.IsPassing, failure.RetryAfter);
        }
    }

    private DueOutcome Of(Outcome<DistillationReport> outcome, long distilled)
    {
        if (outcome.Error is { } error)
            return error.Code == ErrorCode.NotFound ? new DueFinished(distilled) : new DueFailed(distilled, error.Detail, IsPassing: true, error.RetryAfter);
        var report = outcome.Value;
        return report.IsComplete ? new DueFinished(report.Distilled) : new DueGoesOn(report.Distilled, clock.GetUtcNow());
    }
}
