using MemoryOrleans.Erasures;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Erasure. What was erased stays on the server's disks until the tables are vacuumed (docs/operations.md).</content>
public sealed partial class PostgresStore
{
    public async Task<ErasureCounts> EraseTurnsAsync(
        SessionKey key, IReadOnlyCollection<long>? seqs, DateTimeOffset now, CancellationToken cancel) =>
        await reads.WriteAsync(TurnQueries.Erase, key.Tenant, (key.Id, seqs?.ToArray(), Timestamp.Of(now)), cancel);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The write contradicts itself, which is a bug of the caller.</exception>
    public Task<CommitStatus> RedactMemoryAsync(
        string tenant, MemoryWrite next, IReadOnlyList<MemoryRecord> redacted, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        MemoryCommitChecks.Check(next);
        MemoryCommitChecks.Check(next, redacted);
        return Enqueue(tenant, new MemoryCommitWrite(new MemoryCommit(tenant, [next]), redacted, clock.GetUtcNow()));
    }
}
