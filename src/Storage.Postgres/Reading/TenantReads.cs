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

    /// <summary>Two reads in one round trip and one snapshot each, both without settings of their own.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, or every connection stays busy.</exception>
    public ValueTask<(T1 First, T2 Second)> ReadBothAsync<TArgs1, T1, TArgs2, T2>(
        string tenant, TenantCall<TArgs1, T1> first, TenantCall<TArgs2, T2> second, CancellationToken cancel)
    {
        return Ring is null ? RunAsync((tenant, first, second), seal: null, cancel)
            : Ring.ReadAsync(tenant, (tenant, first, second), (seal, call, token) => RunAsync(call, seal, token), cancel);

        ValueTask<(T1 First, T2 Second)> RunAsync(
            (string Tenant, TenantCall<TArgs1, T1> First, TenantCall<TArgs2, T2> Second) call, TenantSeal? seal, CancellationToken token) =>
            TakePlaceAsync(
                (call.Tenant, call.First, call.Second, seal), (given, each) => RunOrRetryAsync(given, RunBothAsync, each), token);
    }

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
    private Task<T> ReadOrRetryAsync<TArgs, T>(
        (TenantQuery<TArgs, T> Query, string Tenant, TArgs Args, TenantSeal? Seal) call, CancellationToken cancel) =>
        RunOrRetryAsync(call, RunAsync, cancel);

    private async Task<T> RunOrRetryAsync<TCall, T>(TCall call, Func<TCall, CancellationToken, Task<T>> run, CancellationToken cancel)
    {
        try
        {
            return await run(call, cancel);
        }
        catch (Exception error) when (Failures.IsConnectionLost(error))
        {
            source.Clear();
            return await run(call, cancel);
        }
    }

    private async Task<T> RunAsync<TArgs, T>(
        (TenantQuery<TArgs, T> Query, string Tenant, TArgs Args, TenantSeal? Seal) call, CancellationToken cancel)
    {
        var (query, tenant, args, seal) = call;
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        Bind(batch, query.BindSql, tenant);
        new TenantCall<TArgs, T>(query, args).AddTo(batch, tenant);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        var answer = await query.ReadAsync(new TenantRows(rows, seal), args, cancel);
        await EndAsync(rows, cancel);
        return answer;
    }

    private async Task<(T1 First, T2 Second)> RunBothAsync<TArgs1, T1, TArgs2, T2>(
        (string Tenant, TenantCall<TArgs1, T1> First, TenantCall<TArgs2, T2> Second, TenantSeal? Seal) call, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        Bind(batch, call.First.Query.BindSql, call.Tenant);
        call.First.AddTo(batch, call.Tenant);
        call.Second.AddTo(batch, call.Tenant);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        var first = await call.First.ReadAsync(new TenantRows(rows, call.Seal), cancel);
        await rows.NextResultAsync(cancel);
        var second = await call.Second.ReadAsync(new TenantRows(rows, call.Seal), cancel);
        await EndAsync(rows, cancel);
        return (first, second);
    }

    private static void Bind(NpgsqlBatch batch, string sql, string tenant)
    {
        var bind = new NpgsqlBatchCommand(sql);
        bind.Parameters.AddText(tenant);
        batch.BatchCommands.Add(bind);
    }

    // An error that comes after the rows, of the implied commit for one, would else be swallowed with them.
    private static async Task EndAsync(NpgsqlDataReader rows, CancellationToken cancel)
    {
        while (await rows.NextResultAsync(cancel))
        {
        }
    }
}
