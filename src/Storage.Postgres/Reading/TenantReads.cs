using MemoryOrleans.Storage.Sealing;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Runs reads, each bound to its tenant in the same round trip: PostgreSQL takes what is sent together for one transaction,
/// and the setting ends with it. A bounded number at a time, so that commits always find a connection.
/// </summary>
internal sealed class TenantReads(NpgsqlDataSource source, int readsMax, TimeSpan waitMax) : IDisposable
{
    private readonly SemaphoreSlim places = new(readsMax, readsMax);

    /// <summary>The tenants' seals; null: nothing is sealed.</summary>
    public KeyRing? Ring { get; set; }

    public int InUse => readsMax - places.CurrentCount;

    /// <exception cref="StoreUnavailableException">The server cannot be reached, or every connection stays busy.</exception>
    public ValueTask<T> ReadAsync<TArgs, T>(TenantQuery<TArgs, T> query, string tenant, TArgs args, CancellationToken cancel) =>
        Ring is null ? ReadPlainAsync(query, tenant, args, cancel)
        : ReadSealedAsync(Ring, query, tenant, args, cancel);

    /// <summary>A read of what is not sealed.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, or every connection stays busy.</exception>
    public ValueTask<T> ReadPlainAsync<TArgs, T>(TenantQuery<TArgs, T> query, string tenant, TArgs args, CancellationToken cancel) =>
        TakePlaceAsync((query, tenant, args, (TenantSeal?)null), ReadOrRetryAsync, cancel);

    /// <summary>Runs a statement that writes: not again when the connection is lost, since it may have been done.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, or every connection stays busy.</exception>
    public ValueTask<T> WriteAsync<TArgs, T>(TenantQuery<TArgs, T> query, string tenant, TArgs args, CancellationToken cancel) =>
        TakePlaceAsync((query, tenant, args, (TenantSeal?)null), RunAsync, cancel);

    /// <summary>Runs something else on one of the connections.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, or every connection stays busy.</exception>
    public ValueTask<T> UseAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> use, CancellationToken cancel) =>
        TakePlaceAsync(
            use,
            async (given, token) =>
            {
                await using var connection = await source.OpenConnectionAsync(token);
                return await given(connection, token);
            },
            cancel);

    public void Dispose() => places.Dispose();

    private async ValueTask<T> ReadSealedAsync<TArgs, T>(
        KeyRing ring, TenantQuery<TArgs, T> query, string tenant, TArgs args, CancellationToken cancel) =>
        await ring.ReadAsync(
            tenant, (query, tenant, args),
            (seal, call, token) => TakePlaceAsync((call.query, call.tenant, call.args, (TenantSeal?)seal), ReadOrRetryAsync, token),
            cancel);

    private async ValueTask<T> TakePlaceAsync<TCall, T>(TCall call, Func<TCall, CancellationToken, Task<T>> run, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!await places.WaitAsync(waitMax, cancel))
            throw new StoreUnavailableException("Every connection for reads has been busy for too long.");
        try
        {
            return await run(call, cancel);
        }
        catch (Exception error) when (Failures.IsUnavailable(error))
        {
            if (Failures.IsConnectionLost(error))
                source.Clear();
            throw new StoreUnavailableException("The database cannot be reached at the moment.", error);
        }
        finally
        {
            places.Release();
        }
    }

    // After a restart of the server every idle connection is dead; a read may simply be done again on a new one.
    private async Task<T> ReadOrRetryAsync<TArgs, T>(
        (TenantQuery<TArgs, T> Query, string Tenant, TArgs Args, TenantSeal? Seal) call, CancellationToken cancel)
    {
        try
        {
            return await RunAsync(call, cancel);
        }
        catch (Exception error) when (Failures.IsConnectionLost(error))
        {
            source.Clear();
            return await RunAsync(call, cancel);
        }
    }

    private async Task<T> RunAsync<TArgs, T>(
        (TenantQuery<TArgs, T> Query, string Tenant, TArgs Args, TenantSeal? Seal) call, CancellationToken cancel)
    {
        var (query, tenant, args, seal) = call;
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        var bind = new NpgsqlBatchCommand(query.BindSql);
        bind.Parameters.AddText(tenant);
        batch.BatchCommands.Add(bind);
        var command = new NpgsqlBatchCommand(query.Sql);
        query.Bind(command.Parameters, tenant, args);
        batch.BatchCommands.Add(command);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        var answer = await query.ReadAsync(new TenantRows(rows, seal), args, cancel);
        // An error that comes after the rows, of the implied commit for one, would else be swallowed with them.
        while (await rows.NextResultAsync(cancel))
        {
        }

        return answer;
    }
}
