using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Transfer;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Writes sessions as an import has them, each call a transaction of its own. The owners are locked first, in order, as by
/// every commit, so that the numbers of a partition's changes follow the order of commits.
/// </summary>
internal sealed class ImportWrites(TenantReads connections, StoreMetrics metrics)
{
    public async Task<CommitStatus> RunAsync(
        string tenant, TenantSeal? seal, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted,
        DateTimeOffset now,
        CancellationToken cancel)
    {
        try
        {
            return await connections.UseAsync(
                async (connection, token) =>
                {
                    await using var transaction = await connection.BeginTransactionAsync(token);
                    var statements = new ImportStatements(connection, tenant, seal, token);
                    await statements.BindAsync();
                    if (!await statements.WriteSessionsAsync(sessions, now))
                        return CommitStatus.Stale;
                    await statements.AddTombstonesAsync(deleted);
                    await transaction.CommitAsync(token);
                    return CommitStatus.Committed;
                },
                cancel);
        }
        catch (PostgresException error) when (Failures.IsConstraint(error))
        {
            return CommitStatus.Stale;
        }
        catch (StoreUnavailableException error) when (error.InnerException is { } lost && Failures.IsRace(lost))
        {
            return CommitStatus.Stale;
        }
        catch (StoreUnavailableException error)
        {
            metrics.Failed("import", error);
            return CommitStatus.Unavailable;
        }
    }
}
