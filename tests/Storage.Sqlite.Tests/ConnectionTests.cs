namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class ConnectionTests
{
    [Theory]
    [InlineData(nameof(ConnectionRole.Writer), 8192)]
    [InlineData(nameof(ConnectionRole.Reader), 2048)]
    [InlineData(nameof(ConnectionRole.Checkpointer), 256)]
    public async Task Every_kind_of_connection_is_durable_and_wipes_what_it_deletes(string role, int cacheKibibytes)
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        using var connection = Connection.Open(
            new SqliteStoreOptions { Path = under.Path, BusyTimeout = TimeSpan.FromMilliseconds(1234) }, Enum.Parse<ConnectionRole>(role));

        const int full = 2;
        Assert.Equal("wal", Text(connection, "PRAGMA journal_mode"));
        Assert.Equal(full, connection.Scalar("PRAGMA synchronous"));
        Assert.Equal(1, connection.Scalar("PRAGMA secure_delete"));
        Assert.Equal(1, connection.Scalar("PRAGMA foreign_keys"));
        Assert.Equal(0, connection.Scalar("PRAGMA wal_autocheckpoint"));
        Assert.Equal(0, connection.Scalar("PRAGMA mmap_size"));
        Assert.Equal(1234, connection.Scalar("PRAGMA busy_timeout"));
        Assert.Equal(-cacheKibibytes, connection.Scalar("PRAGMA cache_size"));
        Assert.Equal(role == nameof(ConnectionRole.Reader) ? 1 : 0, connection.Scalar("PRAGMA query_only"));
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        using var reader = Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Reader);

        Assert.Throws<SqliteStoreException>(() => reader.Execute("DELETE FROM sessions"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b\0")]
    [InlineData("\0")]
    [InlineData("é東🦊")]
    public async Task Text_is_bound_and_read_by_its_length(string text)
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        using var connection = Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Writer);
        connection.Execute("CREATE TABLE texts (text TEXT NOT NULL) STRICT");
        connection.Prepared("INSERT INTO texts (text) VALUES (?1)").Bind(1, text).Run();

        Assert.Equal(text, Text(connection, "SELECT text FROM texts"));
    }

    [Fact]
    public async Task Every_table_is_strict()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        using var connection = Connection.Open(new SqliteStoreOptions { Path = under.Path }, ConnectionRole.Reader);

        const string loose = "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'";
        Assert.Equal(0, connection.Scalar(loose));
    }

    private static string Text(Connection connection, string sql)
    {
        using var rows = connection.Prepared(sql).Query();
        Assert.True(rows.Next());
        return rows.Text(0);
    }
}
