using MemoryOrleans.Sessions;

namespace MemoryOrleans.Episodes;

/// <summary>
/// Port of what makes episodes and fact candidates from turns. It reads only what it is given and keeps nothing, so an
/// interrupted run is simply done again.
/// </summary>
public interface IDistiller
{
    /// <param name="turns">Contiguous turns of one session, ascending; never empty.</param>
    /// <param name="before">Up to ten turns just before those, for resolving what they refer to; no source of what is made.</param>
    /// <exception cref="DistillerException">A model failed or answered nonsense; nothing is lost, the caller tries again or falls
    /// back.</exception>
    ValueTask<Distillation> DistilAsync(
        Session session, IReadOnlyList<Turn> before, IReadOnlyList<Turn> turns, DistillationLimits limits, CancellationToken cancel);
}

/// <summary>The distiller made nothing of the turns.</summary>
/// <param name="isPassing">True when trying later may help.</param>
public sealed class DistillerException(string message, bool isPassing, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public bool IsPassing => isPassing;

    public TimeSpan? RetryAfter => retryAfter;
}
