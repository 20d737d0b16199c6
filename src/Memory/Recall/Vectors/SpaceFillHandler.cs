using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>Wakes the embedding of everything a tenant had before a space was opened, slice by slice.</summary>
public sealed class SpaceFillHandler(IVectorStore vectors, SpaceBook book, TimeProvider clock) : SingleDueHandler
{
    private const int SessionsMax = 500;

    public override string KindPrefix => DueKinds.FillPrefix;

    protected override async Task<DueOutcome> RunAsync(DueWork work, CancellationToken cancel)
    {
        if (await book.FindAsync(work.Kind, cancel) is not { } space)
            return new DueFinished(work.Cursor);
        var now = clock.GetUtcNow();
        return await vectors.WakeSessionsAsync(space.Id, work.Tenant, work.Cursor, SessionsMax, now, cancel) is { } next
            ? new DueGoesOn(next, now)
            : new DueFinished(work.Cursor);
    }
}
