namespace MemoryOrleans.Episodes;

/// <summary>How far a session is distilled.</summary>
/// <param name="Turns">How many turns it has.</param>
/// <param name="Distilled">The last of them that is distilled; 0: none.</param>
public sealed record DistillationProgress(long Turns, long Distilled)
{
    public long Pending => Math.Max(0, Turns - Distilled);
}
