using SQLitePCL;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The connections of a store, opened together and, if one fails, closed together.</summary>
internal sealed record OpenConnections(Connection Writer, Connection Checkpointer, IReadOnlyList<Connection> Readers, WatchedFiles Files)
{
    /// <exception cref="StoreNotOpenedException">The file cannot be opened, or is not the one that was here before.</exception>
    /// <exception cref="StoreSchemaTooNewException">A newer release has written it.</exception>
    public static OpenConnections Open(SqliteStoreOptions options, DateTimeOffset now)
    {
        var open = new List<Connection>();
        try
        {
            StoreMarker.RefuseToMakeOne(options);
            StoreFiles.EnsureDatabase(options.Path);
            var files = new WatchedFiles(options.Path);
            var writer = Add(ConnectionRole.Writer);
            Schema.Migrate(writer, now);
            // A process killed after an erasure leaves the erased text in the log.
            EmptyLog(writer);
            StoreMarker.Settle(options, writer);
            var checkpointer = Add(ConnectionRole.Checkpointer);
            var readers = Enumerable.Range(0, options.ReadConnections).Select(_ => Add(ConnectionRole.Reader)).ToArray();
            files.AddLog();
            return files.FindLoss() is { } loss
                ? throw new StoreNotOpenedException(loss.Message, loss)
                : new OpenConnections(writer, checkpointer, readers, files);
        }
        catch (Exception failure)
        {
            // Whatever it was goes on to the caller once what was opened is closed.
            open.ForEach(connection => connection.Dispose());
            if (ExplainFailure.IsExplained(failure))
                throw ExplainFailure.Of(failure, options.Path);
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
