using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Writes that belong to no tenant: the health check's row, and, done as the role that sees ids only, sweeping and claiming.
/// </summary>
internal sealed class WorkerWrites(NpgsqlDataSource source)
{
    public const string WorkerRole = "memory_worker";

    public const string ExpireSql = """
        DELETE FROM idempotency i USING (
            SELECT e.tenant, e.scope, e.key FROM idempotency e WHERE e.expires_at <= $1 ORDER BY e.expires_at LIMIT $2) e
        WHERE i.tenant = e.tenant AND i.scope = e.scope AND i.key = e.key AND i.expires_at <= $1
        """;

    private const string BecomeSql = $"SELECT set_config('role', '{WorkerRole}', true)";
    private const string ProbeSql =
        "INSERT INTO probe (id, probed_at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET probed_at = excluded.probed_at";
    private const int ExpiredPerTransactionMax = 1000;

    /// <exception cref="StoreUnavailableException">The server cannot be reached or cannot write.</exception>
    public async Task ProbeAsync(DateTimeOffset now, CancellationToken cancel)
    {
        await RunAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(ProbeSql, connection);
                command.Parameters.AddBigint(Timestamp.Of(now));
                return await command.ExecuteNonQueryAsync(cancel);
            },
            cancel);
    }

    /// <summary>Removes expired idempotency records of all tenants, a bounded number in each transaction.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached or cannot write.</exception>
    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var (removed, round) = (0, 0);
        do
        {
            round = await RunAsync(connection => RemoveSomeAsync(connection, now, cancel), cancel);
            removed += round;
        }
        while (round == ExpiredPerTransactionMax);
        return removed;
    }

    /// <summary>Runs one statement over all tenants, and so in one transaction.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached or cannot write.</exception>
    public Task<T> RunAsWorkerAsync<T>(
        NpgsqlBatchCommand command, Func<TenantRows, CancellationToken, Task<T>> read, CancellationToken cancel) =>
        RunAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(new NpgsqlBatchCommand(BecomeSql));
                batch.BatchCommands.Add(command);
                await using var rows = await batch.ExecuteReaderAsync(cancel);
                await rows.NextResultAsync(cancel);
                var answer = await read(new TenantRows(rows, seal: null), cancel);
                await rows.CloseAsync();
                return answer;
            },
            cancel);

    private static async Task<int> RemoveSomeAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(BecomeSql));
        var command = new NpgsqlBatchCommand(ExpireSql);
        command.Parameters.AddBigint(Timestamp.Of(now));
        command.Parameters.AddBigint(ExpiredPerTransactionMax);
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancel);
        return (int)command.RecordsAffected;
    }

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken cancel)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            return await write(connection);
        }
        catch (Exception error) when (Failures.IsUnavailable(error))
        {
            if (Failures.IsConnectionLost(error))
                source.Clear();
            throw new StoreUnavailableException("The database cannot be written at the moment.", error);
        }
    }
}
