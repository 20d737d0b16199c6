using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>
/// Decides which filling space recall may go over to: the oldest one, once nothing of it is left to be done. Dead work does
/// not hold it back, unless nothing at all could be embedded.
/// </summary>
public static class ActivationPolicy
{
    /// <summary>The filling space whose turn it is, when nothing of it is ready; null when there is none.</summary>
    public static VectorSpace? FindFilled(IReadOnlyList<VectorSpace> spaces, IReadOnlyList<DueBacklog> backlog)
    {
        var filling = spaces.FirstOrDefault(static space => space.State == VectorSpaceState.Filling);
        return filling is null || ReadyOf(filling, backlog) > 0 ? null : filling;
    }

    /// <param name="turnsEmbedded">Turns that have vectors in the space.</param>
    public static bool MayActivate(VectorSpace filled, IReadOnlyList<DueBacklog> backlog, long turnsEmbedded) =>
        turnsEmbedded > 0 || DeadOf(filled, backlog) == 0;

    private static long ReadyOf(VectorSpace space, IReadOnlyList<DueBacklog> backlog) =>
        OfSpace(space, backlog).Sum(static each => each.Ready);

    private static long DeadOf(VectorSpace space, IReadOnlyList<DueBacklog> backlog) =>
        OfSpace(space, backlog).Sum(static each => each.Dead);

    private static IEnumerable<DueBacklog> OfSpace(VectorSpace space, IReadOnlyList<DueBacklog> backlog)
    {
        var kinds = DueKinds.OfSpace(space.Id);
        return backlog.Where(each => kinds.Contains(each.Kind, StringComparer.Ordinal));
    }
}
