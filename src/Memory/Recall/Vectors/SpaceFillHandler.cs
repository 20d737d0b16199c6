using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>Wakes the embedding of everything a tenant had before a space was opened, slice by slice: of its turns, then of its memories.</summary>
public sealed class SpaceFillHandler(IVectorStore vectors, SpaceBook book, TimeProvider clock) : SingleDueHandler
{
    private const int SliceMax = 500;

    // Cursors of memories are the store's, turned below 0; this one is of the first.
    private const long FirstMemory = -1;

    public override string KindPrefix => DueKinds.FillPrefix;

    protected override async Task<DueOutcome> RunAsync(DueWork work, CancellationToken cancel)
    {
        if (await book.FindAsync(work.Kind, cancel) is not { } space)
            return new DueFinished(work.Cursor);
        var now = clock.GetUtcNow();
        if (work.Cursor >= 0)
        {
            var next = await vectors.WakeSessionsAsync(space.Id, work.Tenant, work.Cursor, SliceMax, now, cancel);
            return new DueGoesOn(next ?? FirstMemory, now);
        }

        return await vectors.WakeMemoriesAsync(space.Id, work.Tenant, FirstMemory - work.Cursor, SliceMax, now, cancel) is { } key
            ? new DueGoesOn(FirstMemory - key, now)
            : new DueFinished(work.Cursor);
    }
}
