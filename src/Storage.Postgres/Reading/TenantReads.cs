using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Runs reads, each bound to its tenant in the same round trip: PostgreSQL takes what is sent together for one transaction,
/// and the setting ends with it. A bounded number at a time, so that commits always find a connection.
/// </summary>
internal sealed class TenantReads(NpgsqlDataSource source, int readsMax, TimeSpan waitMax) : IDisposable
{
    private const string BindSql = "SELECT set_config('memory.tenant', $1, true)";

    private readonly SemaphoreSlim places = new(readsMax, readsMax);

    public int InUse => readsMax - places.CurrentCount;

    /// <exception cref="StoreUnavailableException">The server cannot be reached, or every connection stays busy.</exception>
    public async ValueTask<T> ReadAsync<TArgs, T>(TenantQuery<TArgs, T> query, string tenant, TArgs args, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!await places.WaitAsync(waitMax, cancel))
            throw new StoreUnavailableException("Every connection for reads has been busy for too long.");
        try
        {
            return await ReadOrRetryAsync(query, tenant, args, cancel);
        }
        catch (Exception error) when (Failures.IsUnavailable(error))
        {
            throw new StoreUnavailableException("The database cannot be read at the moment.", error);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    // After a restart of the server every idle connection is dead; a read may simply be done again on a new one.
    private async Task<T> ReadOrRetryAsync<TArgs, T>(TenantQuery<TArgs, T> query, string tenant, TArgs args, CancellationToken cancel)
    {
        try
        {
            return await RunAsync(query, tenant, args, cancel);
        }
        catch (Exception error) when (Failures.IsConnectionLost(error))
        {
            source.Clear();
            return await RunAsync(query, tenant, args, cancel);
        }
    }

    private async Task<T> RunAsync<TArgs, T>(TenantQuery<TArgs, T> query, string tenant, TArgs args, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        var bind = new NpgsqlBatchCommand(BindSql);
        bind.Parameters.AddText(tenant);
        batch.BatchCommands.Add(bind);
        var command = new NpgsqlBatchCommand(query.Sql);
        query.Bind(command.Parameters, tenant, args);
        batch.BatchCommands.Add(command);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        return await query.ReadAsync(rows, args, cancel);
    }
}
