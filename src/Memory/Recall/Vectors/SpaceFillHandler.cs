using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>
/// Wakes the embedding of everything a tenant had before a space was opened, slice by slice: of its turns, then of its memories, then of
/// its entities.
/// </summary>
public sealed class SpaceFillHandler(IVectorStore vectors, SpaceBook book, TimeProvider clock) : SingleDueHandler
{
    private const int SliceMax = 500;

    // Cursors of memories and entities are the store's, turned below 0; these are of the first.
    private const long FirstMemory = -1;
    private const long FirstEntity = -(1L << 62);

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

        if (work.Cursor > FirstEntity)
        {
            var next = await vectors.WakeMemoriesAsync(space.Id, work.Tenant, FirstMemory - work.Cursor, SliceMax, now, cancel);
            return new DueGoesOn(next is { } key ? FirstMemory - key : FirstEntity, now);
        }

        return await vectors.WakeEntitiesAsync(space.Id, work.Tenant, FirstEntity - work.Cursor, SliceMax, now, cancel) is { } last
            ? new DueGoesOn(FirstEntity - last, now)
            : new DueFinished(work.Cursor);
    }
}
