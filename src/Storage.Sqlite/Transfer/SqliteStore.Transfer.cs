using MemoryOrleans.Sessions;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>Exports and imports.</content>
public sealed partial class SqliteStore : ITransferStore
{
    /// <inheritdoc/>
    /// <remarks>On a connection of its own, in one read transaction: the write-ahead log grows meanwhile by what is written.</remarks>
    public async Task ExportAsync(string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel)
    {
        try
        {
            using var connection = Connection.Open(options, ConnectionRole.Reader);
            connection.Seal = ring is null ? null : await ring.FindAsync(tenant, cancel);
            await new ReadTenant(connection, tenant, write, cancel).RunAsync();
        }
        catch (SqliteStoreException error)
        {
            throw stop.Explain(error);
        }
    }

    public Task<CommitStatus> ImportSessionsAsync(
        string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now,
        CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Enqueue(tenant, new CheckedWrite(
            transaction => transaction.Import.Run(tenant, sessions, deleted, now),
            Math.Max(1, sessions.Sum(static session => session.Turns.Count) + sessions.Count + deleted.Count)));
    }
}
