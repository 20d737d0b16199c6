using MemoryOrleans.Storage.Sealing;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Rows as they are read, and what the texts among them are sealed with; null: nothing is sealed.</summary>
internal readonly struct TenantRows(NpgsqlDataReader rows, TenantSeal? seal)
{
    public TenantSeal? Seal => seal;

    public Task<bool> ReadAsync(CancellationToken cancel) => rows.ReadAsync(cancel);

    public Task<bool> NextResultAsync(CancellationToken cancel) => rows.NextResultAsync(cancel);

    public bool IsDBNull(int column) => rows.IsDBNull(column);

    public Task<bool> IsDBNullAsync(int column, CancellationToken cancel) => rows.IsDBNullAsync(column, cancel);

    public string GetString(int column) => rows.GetString(column);

    public long GetInt64(int column) => rows.GetInt64(column);

    public int GetInt32(int column) => rows.GetInt32(column);

    public short GetInt16(int column) => rows.GetInt16(column);

    public double GetDouble(int column) => rows.GetDouble(column);

    public bool GetBoolean(int column) => rows.GetBoolean(column);

    public T GetFieldValue<T>(int column) => rows.GetFieldValue<T>(column);

    public string? TextOrNull(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

    /// <summary>A text that may be sealed; see <see cref="TenantSeal.Open"/>.</summary>
    public string Opened(int column, SealedField field, string id, long place) => seal.Opened(field, id, place, rows.GetString(column));

    public string? OpenedOrNull(int column, SealedField field, string id, long place) =>
        seal.OpenedOrNull(field, id, place, TextOrNull(column));
}
