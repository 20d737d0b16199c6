using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes idempotency records, inside the committer's transaction.</summary>
internal sealed class IdempotencyWrites(Connection connection)
{
    // An expired record that was not swept yet gives way.
    private const string InsertSql = """
        INSERT INTO idempotency (change, tenant, scope, key, digest, count, version, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (tenant, scope, key) DO UPDATE SET
            change = excluded.change, digest = excluded.digest, count = excluded.count,
            version = excluded.version, expires_at = excluded.expires_at
        WHERE idempotency.expires_at <= ?9
        """;

    private const string RemoveOfSessionSql = "DELETE FROM idempotency WHERE change IN (SELECT change FROM turns WHERE session_key = ?1)";

    private const string RemoveExpiredSql = """
        DELETE FROM idempotency WHERE change IN (
            SELECT change FROM idempotency WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)
        """;

    /// <summary>False when the key has a record that is still alive.</summary>
    public bool TryInsert(string tenant, long firstChange, IdempotencyRecord record, DateTimeOffset now)
    {
        return connection.Prepared(InsertSql)
            .Bind(1, firstChange).Bind(2, tenant).Bind(3, record.Scope).Bind(4, record.Key)
            .Bind(5, connection.Seal.SealedRequest(record).AsSpan())
            .Bind(6, record.Count).Bind(7, record.Version)
            .Bind(8, Timestamp.Of(record.ExpiresAt)).Bind(9, Timestamp.Of(now))
            .Run() == 1;
    }

    public void RemoveOf(long sessionKey) => connection.Prepared(RemoveOfSessionSql).Bind(1, sessionKey).Run();

    public int RemoveExpired(DateTimeOffset now, int recordsMax) =>
        connection.Prepared(RemoveExpiredSql).Bind(1, Timestamp.Of(now)).Bind(2, recordsMax).Run();
}
