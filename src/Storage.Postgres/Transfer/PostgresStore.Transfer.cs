using MemoryOrleans.Sessions;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Exports and imports.</content>
public sealed partial class PostgresStore : ITransferStore
{
    /// <inheritdoc/>
    /// <remarks>On a connection of its own, in one repeatable read: the server keeps old row versions for as long.</remarks>
    public async Task ExportAsync(string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel)
    {
        var seal = ring is null ? null : await ring.FindAsync(tenant, cancel);
        await new ReadTenant(DataSource.BuildUnpooled(options), tenant, seal, write, cancel).RunAsync();
    }

    public async Task<CommitStatus> ImportSessionsAsync(
        string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now,
        CancellationToken cancel) =>
        await WithSealAsync<CommitStatus>(
            tenant, seal => new(new ImportWrites(reads, metrics).RunAsync(tenant, seal, sessions, deleted, now, cancel)), cancel);
}
