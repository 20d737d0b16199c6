using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// A connection of its own to one database, bound to the tenant that is moved: the fence lets it through, what it writes is told to nobody,
/// nothing of another tenant is
/// seen by it, and it may take its time.
/// </summary>
internal sealed class MoveConnection : IAsyncDisposable
{
    /// <summary>
    /// A transaction of a process that stands still is ended by the server; one side waits while the other writes a large table.
    /// </summary>
    private const string BindSql = """
        SELECT set_config('memory.tenant', $1, false), set_config('memory.moving', $1, false), set_config('memory.quiet', 'on', false),
            set_config('statement_timeout', '0', false),
            set_config('idle_in_transaction_session_timeout', '15min', false), set_config('lock_timeout', '30s', false)
        """;

    private const int BufferBytes = 256 * 1024;

    private readonly NpgsqlConnection connection;
    private readonly string tenant;

    private MoveConnection(NpgsqlConnection connection, string tenant) => (this.connection, this.tenant) = (connection, tenant);

    public NpgsqlConnection Connection => connection;

    public static async Task<MoveConnection> OpenAsync(PostgresStoreOptions options, string tenant, CancellationToken cancel)
    {
        // A copy may be silent for long: one that looks for few changed rows among many.
        var settings = new NpgsqlConnectionStringBuilder(DataSource.BuildUnpooled(options)) { CommandTimeout = 0 };
        var opened = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await opened.OpenAsync(cancel);
            await using var bind = new NpgsqlCommand(BindSql, opened) { Parameters = { new() { Value = tenant } } };
            await bind.ExecuteNonQueryAsync(cancel);
            return new MoveConnection(opened, tenant);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Rows that it concerned. <c>$1</c>, where it is in the statement, is the tenant.</summary>
    public async Task<long> ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var command = Command(sql);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The first column of the first row. <c>$1</c>, where it is in the statement, is the tenant.</summary>
    public async Task<T> AskAsync<T>(string sql, CancellationToken cancel)
    {
        await using var command = Command(sql);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Sends what a query selects here into a table of the other database.</summary>
    public async Task CopyAsync(string query, MoveConnection target, string table, CancellationToken cancel)
    {
        await using var from = await connection.BeginRawBinaryCopyAsync($"COPY ({query}) TO STDOUT (FORMAT BINARY)", cancel);
        await using var into = await target.connection.BeginRawBinaryCopyAsync($"COPY {table} FROM STDIN (FORMAT BINARY)", cancel);
        await from.CopyToAsync(into, BufferBytes, cancel);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private NpgsqlCommand Command(string sql)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (sql.Contains("$1", StringComparison.Ordinal))
            command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        return command;
    }
}
