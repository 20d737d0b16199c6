using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Retention;

/// <summary>
/// Writes down how far saliences have fallen, so that what listings, exports and SQL show is never more than
/// <see cref="Tolerance"/> above the truth, and a changed half-life holds from then on. Ranking computes salience itself and
/// does not need it. A memory that nobody reinforces is written 1 / tolerance times in its life at most.
/// </summary>
public sealed class DecaySweepJob(
    IMemoryStore memories, IJobStore runs, SalienceCurve curve, UpkeepRules upkeep, TimeProvider clock) : RecurringJob(runs, clock)
{
    /// <summary>Of salience.</summary>
    public const double Tolerance = 0.05;

    /// <summary>
    /// Saliences are written as they were so long ago: a citation of the last hours, gathered but not saved yet, is then newer
    /// than what the sweep writes, and is not lost to it.
    /// </summary>
    public static readonly TimeSpan Lag = TimeSpan.FromHours(2);

    private const int PageSize = 200;

    private readonly TimeProvider clock = clock;

    public override string KindPrefix => DueKinds.DecaySweep;

    public override TimeSpan Period => upkeep.DecaySweepPeriod;

    public override bool IsWanted(string tenant) => true;

    protected override async Task<JobStep> RunPageAsync(
        string tenant, string? position, DateTimeOffset roundStartedAt, CancellationToken cancel)
    {
        var everything = new MemoryFilter(Status: null);
        var listed = await memories.ListMemoriesAsync(tenant, everything, position, PageSize, cancel);
        var page = listed.IsSuccess ? listed.Value : (await memories.ListMemoriesAsync(tenant, everything, null, PageSize, cancel)).Value;
        var at = Timestamp.Read(Timestamp.Of(clock.GetUtcNow() - Lag));
        var updates = page.Items.Where(memory => HasFallen(memory, at))
            .Select(memory => new SalienceUpdate(memory.Id, new Salience(curve.At(memory, at), at))).ToArray();
        await memories.SaveSalienceAsync(tenant, updates, cancel);
        return new JobStep(page.NextCursor, JobCounts.Of(("kept", page.Items.Count - updates.Length), ("rewritten", updates.Length)));
    }

    private bool HasFallen(MemoryRecord memory, DateTimeOffset at) =>
        memory is { IsPinned: false, Status: not MemoryStatus.Erased } && memory.Salience.At < at
        && memory.Salience.Value - curve.At(memory, at) > Tolerance;
}
