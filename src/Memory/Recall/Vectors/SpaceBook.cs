using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>The vector spaces, and the work still to be done in them, as this process last saw them; safe for concurrent use.</summary>
public sealed class SpaceBook(IVectorStore vectors, IDueStore due, TimeProvider clock)
{
    // How long other processes' work may stay unseen here, plus the longest delay of a retry.
    private static readonly TimeSpan UnseenMax = TimeSpan.FromSeconds(60);

    // Counting reads all due work, so it is done seldom. The oldest due time and the dead work are read every time.
    private static readonly TimeSpan CountPeriod = TimeSpan.FromSeconds(15);

    private volatile Seen seen = new([], [], DateTimeOffset.MinValue);
    private volatile Counted counted = new([], DateTimeOffset.MinValue);

    /// <summary>All spaces, oldest first.</summary>
    public IReadOnlyList<VectorSpace> Spaces => seen.Spaces;

    /// <summary>Due work of all tenants by kind. How much is ready is some seconds old; whether any is, is not.</summary>
    public IReadOnlyList<DueBacklog> Backlog => seen.Backlog;

    /// <summary>The space that recall asks; null when there is none.</summary>
    public VectorSpace? Active => seen.Spaces.LastOrDefault(static space => space.State == VectorSpaceState.Active);

    /// <summary>Turns recorded before this have their vectors in the space, unless their work is dead.</summary>
    public DateTimeOffset EmbeddedUpTo(VectorSpace space)
    {
        var now = seen;
        var oldest = BacklogOf(space).OldestDueAt;
        return (oldest is { } waiting && waiting < now.At ? waiting : now.At) - UnseenMax;
    }

    public DueBacklog BacklogOf(VectorSpace space)
    {
        var kind = DueKinds.Embed(space.Id);
        return seen.Backlog.FirstOrDefault(each => each.Kind == kind);
    }

    public async ValueTask RefreshAsync(CancellationToken cancel)
    {
        var at = clock.GetUtcNow();
        var spaces = await vectors.ListSpacesAsync(cancel);
        var lags = await due.PeekAsync(cancel);
        if (at - counted.At >= CountPeriod)
            counted = new Counted(await due.CountAsync(null, cancel), at);
        seen = new Seen(spaces, [.. lags.Select(ToBacklog)], at);
    }

    /// <summary>The space whose work it is; null when the space is gone or is no longer written to.</summary>
    public async ValueTask<VectorSpace?> FindAsync(string kind, CancellationToken cancel)
    {
        if (!int.TryParse(kind.AsSpan(kind.IndexOf(':', StringComparison.Ordinal) + 1), out var id))
            return null;
        if (!seen.Spaces.Any(space => space.Id == id))
            await RefreshAsync(cancel);
        return seen.Spaces.FirstOrDefault(space => space.Id == id && space.State != VectorSpaceState.Retired);
    }

    private DueBacklog ToBacklog(DueLag lag)
    {
        var known = counted.Backlog.FirstOrDefault(each => each.Kind == lag.Kind).Ready;
        return new DueBacklog(lag.Kind, lag.OldestDueAt is null ? 0 : Math.Max(known, 1), lag.Dead, lag.OldestDueAt);
    }

    private sealed record Counted(IReadOnlyList<DueBacklog> Backlog, DateTimeOffset At);

    private sealed record Seen(IReadOnlyList<VectorSpace> Spaces, IReadOnlyList<DueBacklog> Backlog, DateTimeOffset At);
}
