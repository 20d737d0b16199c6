namespace MemoryOrleans.Storage.Sqlite;

/// <summary>One view of the database over several queries, and cheaper than one for each. Never held across an await.</summary>
internal readonly ref struct Snapshot
{
    private readonly Connection connection;

    public Snapshot(Connection connection)
    {
        this.connection = connection;
        connection.Prepared("BEGIN").Run();
    }

    public void Dispose()
    {
        // A failing disk ends the transaction by itself.
        if (connection.InTransaction)
            connection.Prepared("ROLLBACK").Run();
    }
}
