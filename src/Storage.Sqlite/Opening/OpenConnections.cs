using SQLitePCL;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The connections of a store, opened together and, if one fails, closed together.</summary>
internal sealed record OpenConnections(Connection Writer, Connection Checkpointer, IReadOnlyList<Connection> Readers)
{
    public static OpenConnections Open(SqliteStoreOptions options, DateTimeOffset now)
    {
        var open = new List<Connection>();
        try
        {
            StoreFiles.EnsureDatabase(options.Path);
            var writer = Add(ConnectionRole.Writer);
            Schema.Migrate(writer, now);
            // A process killed after an erasure leaves the erased text in the log.
            EmptyLog(writer);
            var checkpointer = Add(ConnectionRole.Checkpointer);
            var readers = Enumerable.Range(0, options.ReadConnections).Select(_ => Add(ConnectionRole.Reader)).ToArray();
            return new OpenConnections(writer, checkpointer, readers);
        }
        catch
        {
            open.ForEach(connection => connection.Dispose());
            throw;
        }

        Connection Add(ConnectionRole role)
        {
            var connection = Connection.Open(options, role);
            open.Add(connection);
            return connection;
        }
    }

    /// <summary>Moves the whole log into the database and cuts it to nothing, unless a foreign reader holds it.</summary>
    public static void EmptyLog(Connection writer)
    {
        writer.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        writer.TakePagesWritten();
    }
}
