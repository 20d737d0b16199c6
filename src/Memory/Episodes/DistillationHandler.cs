using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Episodes;

/// <summary>Distils with the rules what a model would not, after so many attempts, so that no session waits for it for ever.</summary>
/// <param name="Attempts">Failures in a row of one slice after which it is done without the model, at least 1.</param>
public sealed record DistillationFallback(SessionDistiller Distil, int Attempts);

/// <summary>Distils sessions when it is due: every so many turns, when they go idle, when they are closed.</summary>
/// <param name="fallback">Of a distiller that asks a model; null: the distiller is local.</param>
public sealed class DistillationHandler(
    SessionDistiller distil, ISessionStore sessions, IMemoryStore memories, TimeProvider clock, DistillationPace pace,
    DistillationFallback? fallback = null)
    : SingleDueHandler
{
    // So few at once that a lease is long enough, and that other work gets its turn during a long session.
    private int SlicesAtOnce => fallback is null ? 5 : 1;

    public override string KindPrefix => DueKinds.Distil;

    // The extractive distiller takes milliseconds of a processor for every few turns, and none of them is urgent. A model is
    // waited for, which takes none.
    public override double Share => fallback is null ? 0.15 : 1;

    protected override async Task<DueOutcome> RunAsync(DueWork work, CancellationToken cancel)
    {
        var key = new SessionKey(work.Tenant, work.Subject);
        if ((await sessions.FindSessionAsync(key, cancel)).Session is not { } session)
            return new DueFinished(work.Cursor);
        var distilled = await memories.FindDistilledAsync(key, cancel);
        if (DistilWakePolicy.PutOffUntil(session, distilled, clock.GetUtcNow(), pace) is { } later)
            return new DueGoesOn(distilled, later);
        if (fallback is not null && work.Attempts > fallback.Attempts)
            return Of(await fallback.Distil.RunAsync(key, cancel, SlicesAtOnce), distilled);
        try
        {
            return Of(await distil.RunAsync(key, cancel, SlicesAtOnce), distilled);
        }
        catch (DistillerException failure)
        {
            // The exception's message may quote what the model answered, so it is not kept.
            var reason = failure.IsPassing ? "The distiller does not answer." : "The distiller made nothing of the turns.";
            // With a fallback every failure is worth another attempt: in the end the rules distil.
            return new DueFailed(distilled, reason, failure.IsPassing || fallback is not null, failure.RetryAfter);
        }
    }

    private DueOutcome Of(Outcome<DistillationReport> outcome, long distilled)
    {
        if (outcome.Error is { } error)
            return error.Code == ErrorCode.NotFound ? new DueFinished(distilled)
                : new DueFailed(distilled, error.Detail, IsPassing: true, error.RetryAfter);
        var report = outcome.Value;
        return report.IsComplete ? new DueFinished(report.Distilled) : new DueGoesOn(report.Distilled, clock.GetUtcNow());
    }
}
