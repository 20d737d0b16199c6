using System.Threading.Channels;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// A fixed number of read connections. A read is a synchronous call of microseconds, run where the caller stands; only when
/// every connection is busy does the caller wait, asynchronously, for one.
/// </summary>
internal sealed class ReadPool : IAsyncDisposable
{
    private readonly Channel<Connection> idle = Channel.CreateUnbounded<Connection>();
    private int inUse;

    private readonly FailStop stop;

    /// <summary>Takes the connections over.</summary>
    public ReadPool(IReadOnlyList<Connection> connections, FailStop stop)
    {
        this.stop = stop;
        Size = connections.Count;
        foreach (var connection in connections)
            idle.Writer.TryWrite(connection);
    }

    /// <summary>The tenants' seals; null: nothing is sealed.</summary>
    public KeyRing? Ring { get; set; }

    public int Size { get; }

    public int InUse => Volatile.Read(ref inUse);

    /// <summary>Runs a query on a connection of the pool; the query must not keep the connection.</summary>
    public ValueTask<T> ReadAsync<TState, T>(TState state, Func<Connection, TState, T> query, CancellationToken cancel) =>
        ReadAsync(seal: null, state, query, cancel);

    /// <summary>Runs a query that reads a tenant's texts.</summary>
    public ValueTask<T> ReadTextsAsync<TState, T>(string tenant, TState state, Func<Connection, TState, T> query, CancellationToken cancel)
    {
        if (Ring is null)
            return ReadAsync(seal: null, state, query, cancel);
        var seal = Ring.FindAsync(tenant, cancel);
        return seal is { IsCompletedSuccessfully: true, Result: { HasKey: true } known }
            ? ReadAsync(known, state, query, cancel)
            : Ring.ReadAsync(
                tenant, (state, query), (found, call, token) => ReadAsync(found, call.state, call.query, token), cancel);
    }

    private ValueTask<T> ReadAsync<TState, T>(TenantSeal? seal, TState state, Func<Connection, TState, T> query, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancel);
        return idle.Reader.TryRead(out var connection)
            ? Run(connection, seal, state, query)
            : WaitAndReadAsync(seal, state, query, cancel);
    }

    /// <summary>Waits for reads under way and closes the connections; later reads throw ObjectDisposedException.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var closed = 0; closed < Size; closed++)
            (await idle.Reader.ReadAsync()).Dispose();
        idle.Writer.TryComplete(new ObjectDisposedException(nameof(SqliteStore)));
    }

    private async ValueTask<T> WaitAndReadAsync<TState, T>(
        TenantSeal? seal, TState state, Func<Connection, TState, T> query, CancellationToken cancel)
    {
        Connection connection;
        try
        {
            connection = await idle.Reader.ReadAsync(cancel);
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException ?? closed;
        }

        return await Run(connection, seal, state, query);
    }

    private ValueTask<T> Run<TState, T>(Connection connection, TenantSeal? seal, TState state, Func<Connection, TState, T> query)
    {
        Interlocked.Increment(ref inUse);
        connection.Seal = seal;
        try
        {
            return new ValueTask<T>(query(connection, state));
        }
        catch (SqliteStoreException error)
        {
            return ValueTask.FromException<T>(stop.Explain(error));
        }
        finally
        {
            connection.Seal = null;
            Interlocked.Decrement(ref inUse);
            idle.Writer.TryWrite(connection);
        }
    }
}
