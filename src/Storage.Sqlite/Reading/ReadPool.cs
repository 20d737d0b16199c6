using System.Threading.Channels;

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

    public int Size { get; }

    public int InUse => Volatile.Read(ref inUse);

    /// <summary>Runs a query on a connection of the pool; the query must not keep the connection.</summary>
    public ValueTask<T> ReadAsync<TState, T>(TState state, Func<Connection, TState, T> query, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancel);
        return idle.Reader.TryRead(out var connection)
            ? Run(connection, state, query)
            : WaitAndReadAsync(state, query, cancel);
    }

    /// <summary>Waits for reads under way and closes the connections; later reads throw ObjectDisposedException.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var closed = 0; closed < Size; closed++)
            (await idle.Reader.ReadAsync()).Dispose();
        idle.Writer.TryComplete(new ObjectDisposedException(nameof(SqliteStore)));
    }

    private async ValueTask<T> WaitAndReadAsync<TState, T>(TState state, Func<Connection, TState, T> query, CancellationToken cancel)
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

        return await Run(connection, state, query);
    }

    private ValueTask<T> Run<TState, T>(Connection connection, TState state, Func<Connection, TState, T> query)
    {
        Interlocked.Increment(ref inUse);
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
            Interlocked.Decrement(ref inUse);
            idle.Writer.TryWrite(connection);
        }
    }
}
