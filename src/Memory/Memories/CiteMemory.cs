namespace MemoryOrleans.Memories;

/// <summary>Takes note that an agent cited a memory. Makes no version: what is known has not changed.</summary>
public static class CiteMemory
{
    /// <summary>The new salience, to be saved; NotFound when there is no such memory or it is erased.</summary>
    /// <param name="current">The current version, or null. A candidate may be cited; see
    /// <see cref="Facts.ConsolidateFacts.Reconsider"/>.</param>
    public static Outcome<SalienceUpdate> Cite(MemoryRecord? current, SalienceCurve curve, DateTimeOffset now)
    {
        if (MemoryErrors.Of(current, ifMatchVersion: null) is { } error)
            return error;
        return new SalienceUpdate(current!.Id, curve.Reinforce(current, Reinforcement.Citation, now));
    }
}
