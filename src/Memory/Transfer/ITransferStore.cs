using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>
/// More of a session than the store has: applied when the store's session is as expected, whole or not at all. Its new turns
/// get feed numbers, and embedding is woken for them, as by a commit.
/// </summary>
/// <param name="ExpectedVersion">The version it must have; 0: there must be neither the session nor a tombstone of it.</param>
/// <param name="ExpectedLastSeq">The last seq it must have.</param>
/// <param name="After">Its row afterwards.</param>
/// <param name="Distilled">How far it has been distilled; never lowered.</param>
/// <param name="Turns">Those after <paramref name="ExpectedLastSeq"/>, erased ones among them.</param>
/// <param name="WakeDistil">Whether distillation has something left to do.</param>
public sealed record SessionImport(
    long ExpectedVersion, long ExpectedLastSeq, Session After, long Distilled, IReadOnlyList<Turn> Turns, bool WakeDistil);

/// <summary>Port of exports, and of what an import cannot write through the other ports. Bound to one tenant, as they are.</summary>
public interface ITransferStore
{
    /// <summary>
    /// Hands over all records of the tenant, as of one moment, in the order of the format: sessions by creation with their turns,
    /// deleted sessions by id, memories by creation, entities by creation with their observations, relations. Reads on only
    /// when <paramref name="write"/> has ended, and never holds more than some pages of records.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    Task ExportAsync(string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel);

    /// <summary>Applies all in one transaction, or answers Stale when one is not as expected. Tombstones that are there stay.</summary>
    Task<CommitStatus> ImportSessionsAsync(
        string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now,
        CancellationToken cancel);
}
