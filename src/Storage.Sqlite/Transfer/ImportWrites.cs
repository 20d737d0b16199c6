using MemoryOrleans.Feed;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes sessions as an import has them, inside the committer's transaction.</summary>
internal sealed class ImportWrites(WriteTransaction transaction)
{
    private const string FindSql = "SELECT session_key, owner_key, version, last_seq FROM sessions WHERE tenant = ?1 AND id = ?2";
    private const string AnyTombstoneSql = "SELECT 1 FROM tombstones WHERE tenant = ?1 AND id = ?2";

    private const string InsertTombstoneSql =
        "INSERT INTO tombstones (tenant, id, version, deleted_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";

    private const string UpdateSql = """
        UPDATE sessions SET status = ?2, last_seq = ?3, version = ?4, updated_at = ?5, distilled = max(distilled, ?6), time_zone = ifnull(?7, time_zone)
        WHERE session_key = ?1
        """;

    private const string InsertRemovalSql = "INSERT INTO removals (change, owner_key, session_id, seq) VALUES (?1, ?2, ?3, ?4)";
    private const string EmptyTextSql = "UPDATE turn_texts SET name = NULL, content = NULL, metadata = NULL WHERE change = ?1";

    private readonly Connection connection = transaction.Connection;

    public CommitStatus Run(
        string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now)
    {
        foreach (var session in sessions)
        {
            if (!TryWrite(tenant, session, now))
                return CommitStatus.Stale;
        }

        foreach (var tombstone in deleted.Where(tombstone => Find(new SessionKey(tenant, tombstone.Id)) is null))
        {
            connection.Prepared(InsertTombstoneSql)
                .Bind(1, tenant).Bind(2, tombstone.Id).Bind(3, tombstone.Version).Bind(4, Timestamp.Of(tombstone.DeletedAt))
                .Run();
        }

        return CommitStatus.Committed;
    }

    private bool TryWrite(string tenant, SessionImport import, DateTimeOffset now)
    {
        var (key, after) = (new SessionKey(tenant, import.After.Id), import.After);
        var found = Find(key);
        if ((found?.Version ?? 0) != import.ExpectedVersion || (found?.LastSeq ?? 0) != import.ExpectedLastSeq
            || (found is null && HasTombstone(key)))
            return false;
        var (sessionKey, ownerKey) = found is { } row ? (row.SessionKey, row.OwnerKey) : transaction.Sessions.Insert(key, after);
        connection.Prepared(UpdateSql)
            .Bind(1, sessionKey).Bind(2, (int)after.Status).Bind(3, after.LastSeq).Bind(4, after.Version)
            .Bind(5, Timestamp.Of(after.UpdatedAt)).Bind(6, import.Distilled).Bind(7, after.TimeZone)
            .Run();
        if (import.WakeDistil)
            transaction.Due.Wake(tenant, DueKinds.Distil, after.Id, now, now);
        if (import.Turns.Count == 0)
            return true;
        foreach (var space in transaction.Spaces.Living)
            transaction.Due.Wake(tenant, DueKinds.Embed(space), after.Id, now, now);
        var first = transaction.NextChange(import.Turns.Count);
        for (var i = 0; i < import.Turns.Count; i++)
        {
            transaction.Sessions.InsertTurn(first + i, ownerKey, sessionKey, import.Turns[i]);
            if (import.Turns[i].IsErased)
                connection.Prepared(EmptyTextSql).Bind(1, first + i).Run();
        }

        var head = first + import.Turns.Count - 1;
        // The feed leaves erased turns out, and its followers must arrive at the head.
        if (import.Turns[^1].IsErased)
        {
            head = transaction.NextChange();
            connection.Prepared(InsertRemovalSql).Bind(1, head).Bind(2, ownerKey).Bind(3, after.Id).Bind(4, import.Turns[^1].Seq).Run();
        }

        transaction.Advance(new PartitionKey(tenant, after.UserId), head);
        return true;
    }

    private bool HasTombstone(SessionKey key)
    {
        using var rows = connection.Prepared(AnyTombstoneSql).Bind(1, key.Tenant).Bind(2, key.Id).Query();
        return rows.Next();
    }

    private SessionRow? Find(SessionKey key)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, key.Tenant).Bind(2, key.Id).Query();
        return rows.Next() ? new SessionRow(rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(3)) : null;
    }

    private readonly record struct SessionRow(long SessionKey, long OwnerKey, long Version, long LastSeq);
}
