namespace MemoryOrleans.Transfer;

/// <summary>Counts by the kinds they are of, in the order of the format.</summary>
public static class CountNames
{
    public static IReadOnlyList<(string Kind, long Count)> Of(TransferCounts counts) =>
    [
        (TransferFormat.Session, counts.Sessions), (TransferFormat.Turn, counts.Turns),
        (TransferFormat.DeletedSession, counts.DeletedSessions),
        (TransferFormat.Memory, counts.MemoryVersions), (TransferFormat.Entity, counts.Entities),
        (TransferFormat.Observation, counts.Observations), (TransferFormat.Relation, counts.Relations),
    ];
}
