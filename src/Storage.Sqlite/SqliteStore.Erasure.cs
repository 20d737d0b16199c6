using MemoryOrleans.Erasures;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>Erasure: writes in the queue, after which the write-ahead log is emptied.</content>
public sealed partial class SqliteStore
{
    public async Task<ErasureCounts> EraseTurnsAsync(
        SessionKey key, IReadOnlyCollection<long>? seqs, DateTimeOffset now, CancellationToken cancel) =>
        await WriteOfAsync(key.Tenant, transaction => transaction.Erasure.Erase(key, seqs, now), cancel,
        Math.Max(1, seqs?.Count ?? options.GroupTurnsMax));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The write contradicts itself, which is a bug of the caller.</exception>
    public Task<CommitStatus> RedactMemoryAsync(
        string tenant, MemoryWrite next, IReadOnlyList<MemoryRecord> redacted, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        MemoryCommitChecks.Check(next);
        MemoryCommitChecks.Check(next, redacted);
        var now = clock.GetUtcNow();
        return Enqueue(tenant, new CheckedWrite(transaction => transaction.Memories.Redact(tenant, next, redacted, now),
            Math.Max(1, redacted.Count)));
    }
}
