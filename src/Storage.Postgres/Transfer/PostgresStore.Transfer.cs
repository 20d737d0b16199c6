using MemoryOrleans.Sessions;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Exports and imports.</content>
public sealed partial class PostgresStore : ITransferStore
{
    /// <inheritdoc/>
    /// <remarks>On a connection of its own, in one repeatable read: the server keeps old row versions for as long.</remarks>
    public Task ExportAsync(string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel) =>
        new ReadTenant(DataSource.BuildUnpooled(options), tenant, write, cancel).RunAsync();

    public async Task<CommitStatus> ImportSessionsAsync(
        string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now, CancellationToken cancel) =>
        await new ImportWrites(reads, metrics).RunAsync(tenant, sessions, deleted, now, cancel);
}
