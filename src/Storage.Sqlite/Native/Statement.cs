using System.Text;
using MemoryOrleans.Storage.Sealing;
using SQLitePCL;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>A prepared statement, bound and run again and again. Parameters count from 1, columns from 0.</summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle, Utf8Scratch scratch) : IDisposable
{
    private sqlite3_stmt Handle => handle;

    private TenantSeal? Seal => connection.Seal;

    public Statement Bind(int parameter, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, long? value)
    {
        if (value is { } known)
            return Bind(parameter, known);
        connection.Check(raw.sqlite3_bind_null(handle, parameter));
        return this;
    }

    public Statement Bind(int parameter, double value)
    {
        connection.Check(raw.sqlite3_bind_double(handle, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, string? value)
    {
        // An empty span has no address and would be bound as NULL.
        connection.Check(value switch
        {
            null => raw.sqlite3_bind_null(handle, parameter),
            "" => raw.sqlite3_bind_text(handle, parameter, ""),
            _ => raw.sqlite3_bind_text(handle, parameter, scratch.Encode(value)),
        });
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        connection.Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(handle, parameter, 0)
            : raw.sqlite3_bind_blob(handle, parameter, value));
        return this;
    }

    /// <summary>Runs a statement that answers no rows; the number of rows it changed.</summary>
    public int Run()
    {
        try
        {
            connection.Check(raw.sqlite3_step(handle));
        }
        finally
        {
            Reset();
        }

        return connection.Changes;
    }

    /// <summary>Starts a query. Disposing of the rows makes the statement, and its read snapshot, free again.</summary>
    public Rows Query() => new(this);

    public void Dispose() => raw.sqlite3_finalize(handle);

    private bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
            return true;
        connection.Check(result);
        return false;
    }

    /// <summary>Repeats the error of the last step, if there was one, which has been reported already.</summary>
    private void Reset() => raw.sqlite3_reset(handle);

    internal readonly ref struct Rows(Statement statement)
    {
        public bool Next() => statement.Step();

        public bool IsNull(int column) => raw.sqlite3_column_type(statement.Handle, column) == raw.SQLITE_NULL;

        public double Double(int column) => raw.sqlite3_column_double(statement.Handle, column);

        public long Int64(int column) => raw.sqlite3_column_int64(statement.Handle, column);

        /// <summary>The stored bytes of a text or blob; valid until the next step.</summary>
        public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement.Handle, column);

        /// <summary>Text by its length, not up to the first NUL, which content may contain.</summary>
        public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

        public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

        /// <summary>A text that may be sealed; see <see cref="TenantSeal.Open"/>.</summary>
        public string Opened(int column, SealedField field, string id, long place) => statement.Seal.Opened(field, id, place, Text(column));

        public string? OpenedOrNull(int column, SealedField field, string id, long place) =>
            statement.Seal.OpenedOrNull(field, id, place, TextOrNull(column));

        public DateTimeOffset Time(int column) => Timestamp.Read(Int64(column));

        public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

        public void Dispose() => statement.Reset();
    }
}
