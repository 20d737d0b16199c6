using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Engine;

/// <summary>Whom the schedule tells what went wrong. Called from many threads; must not throw.</summary>
public interface IScheduleWatch
{
    /// <summary>An attempt failed.</summary>
    /// <param name="isDead">True when it was the last.</param>
    void AttemptFailed(DueWork work, DueFailed failure, bool isDead);

    /// <summary>A look for work, or a round, failed; the next one tries again.</summary>
    void RoundFailed(Exception failure);

    /// <summary>An approximate index was built or dropped; a sentence.</summary>
    void IndexTended(string what);
}
