using MemoryOrleans.Feed;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes sessions and their turns, inside the committer's transaction.</summary>
internal sealed class SessionWrites(WriteTransaction transaction)
{
    private const string FindSql = """
        SELECT s.session_key, s.owner_key, s.version, s.last_seq, s.agent_id IS ?3 AND o.user_id IS ?4, o.user_id
        FROM sessions s JOIN owners o ON o.owner_key = s.owner_key
        WHERE s.tenant = ?1 AND s.id = ?2
        """;

    private const string InsertSql = """
        INSERT INTO sessions (tenant, id, owner_key, agent_id, status, last_seq, version, created_at, updated_at, time_zone)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    private const string UpdateSql = """
        UPDATE sessions SET status = ?3, last_seq = ?4, version = ?5, updated_at = ?6, time_zone = ?7
        WHERE tenant = ?1 AND session_key = ?2
        """;

    private const string InsertTurnSql = """
        INSERT INTO turns (change, owner_key, session_key, seq, turn_id, role, occurred_at, recorded_at, tokens, utc_offset)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    private const string InsertTextSql = "INSERT INTO turn_texts (change, name, content, metadata) VALUES (?1, ?2, ?3, ?4)";

    private const string EraseTextsSql = """
        UPDATE turn_texts SET name = NULL, content = NULL, metadata = NULL
        WHERE change IN (SELECT change FROM turns WHERE session_key = ?1)
        """;

    private const string DeleteTurnsSql = "DELETE FROM turns WHERE session_key = ?1";
    private const string DeleteSql = "DELETE FROM sessions WHERE tenant = ?1 AND session_key = ?2";
    private const string InsertRemovalSql = "INSERT INTO removals (change, owner_key, session_id) VALUES (?1, ?2, ?3)";
    private const string TombstoneSql = "SELECT version FROM tombstones WHERE tenant = ?1 AND id = ?2";
    private const string DropTombstoneSql = "DELETE FROM tombstones WHERE tenant = ?1 AND id = ?2";
    private const string InsertTombstoneSql = "INSERT INTO tombstones (tenant, id, version, deleted_at) VALUES (?1, ?2, ?3, ?4)";
    private const string FindOwnerSql = "SELECT owner_key FROM owners WHERE tenant = ?1 AND user_id IS ?2";
    private const string InsertOwnerSql = "INSERT INTO owners (tenant, user_id) VALUES (?1, ?2)";

    private readonly Connection connection = transaction.Connection;

    public CommitStatus Commit(SessionCommit commit)
    {
        var row = Find(commit.Key, commit.After);
        var fits = row is { } existing
            ? commit.ExpectedVersion == existing.Version && commit.After.LastSeq == existing.LastSeq + commit.Turns.Count
            : commit.ExpectedVersion == 0 && commit.After.LastSeq == commit.Turns.Count
            && FindTombstone(commit.Key) == commit.TombstoneVersion;
        if (!fits)
            return CommitStatus.Stale;

        var (sessionKey, ownerKey) = row is { } found ? Update(commit, found) : Insert(commit);
        WakeWork(commit);
        if (commit.Turns.Count == 0)
            return CommitStatus.Committed;
        var first = transaction.NextChange(commit.Turns.Count);
        for (var i = 0; i < commit.Turns.Count; i++)
            InsertTurn(first + i, ownerKey, sessionKey, commit.Turns[i]);
        if (commit.Idempotency is { } record
            && !transaction.Idempotency.TryInsert(commit.Key.Tenant, first, record, commit.After.UpdatedAt))
            return CommitStatus.Stale;
        transaction.Advance(new PartitionKey(commit.Key.Tenant, commit.After.UserId), first + commit.Turns.Count - 1);
        return CommitStatus.Committed;
    }

    /// <summary>
    /// Empties the texts where they are and removes the rest; see the schema for why the two differ. The write-ahead log is
    /// emptied soon after.
    /// </summary>
    public CommitStatus Delete(SessionKey key, long expectedVersion, DateTimeOffset now)
    {
        if (Find(key, after: null) is not { } row || row.Version != expectedVersion)
            return CommitStatus.Stale;

        connection.Prepared(EraseTextsSql).Bind(1, row.SessionKey).Run();
        transaction.Idempotency.RemoveOf(row.SessionKey);
        transaction.Vectors.RemoveOf(row.SessionKey);
        transaction.Due.RemoveOf(key);
        connection.Prepared(DeleteTurnsSql).Bind(1, row.SessionKey).Run();
        connection.Prepared(DeleteSql).Bind(1, key.Tenant).Bind(2, row.SessionKey).Run();
        connection.Prepared(InsertTombstoneSql)
            .Bind(1, key.Tenant).Bind(2, key.Id).Bind(3, expectedVersion + 1).Bind(4, Timestamp.Of(now))
            .Run();
        var change = transaction.NextChange();
        connection.Prepared(InsertRemovalSql).Bind(1, change).Bind(2, row.OwnerKey).Bind(3, key.Id).Run();
        transaction.Advance(new PartitionKey(key.Tenant, row.UserId), change, erased: true);
        return CommitStatus.Committed;
    }

    /// <summary>
    /// What the commit asks for, and, when it has turns, bringing the session's vectors up to date in every living space.
    /// </summary>
    private void WakeWork(SessionCommit commit)
    {
        var (key, now) = (commit.Key, commit.After.UpdatedAt);
        if (commit.Turns.Count > 0)
        {
            foreach (var space in transaction.Spaces.Living)
                transaction.Due.Wake(key.Tenant, DueKinds.Embed(space), key.Id, now, now);
        }

        foreach (var wake in commit.Wakes)
            transaction.Due.Wake(key.Tenant, wake.Kind, key.Id, wake.DueAt, now);
    }

    private SessionRow? Find(SessionKey key, Session? after)
    {
        using var rows = connection.Prepared(FindSql)
            .Bind(1, key.Tenant).Bind(2, key.Id).Bind(3, after?.AgentId).Bind(4, after?.UserId)
            .Query();
        if (!rows.Next())
            return null;
        // The user is only read for a deletion; a commit brings it along.
        var userId = after is null ? rows.TextOrNull(5) : after.UserId;
        return new SessionRow(rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(3), rows.Int64(4) != 0, userId);
    }

    private (long SessionKey, long OwnerKey) Update(SessionCommit commit, SessionRow row)
    {
        var (key, after) = (commit.Key, commit.After);
        if (!row.SameOwners)
            throw new InvalidOperationException($"Session {key.Id} belongs to another user or agent; a commit cannot change that.");
        connection.Prepared(UpdateSql)
            .Bind(1, key.Tenant).Bind(2, row.SessionKey).Bind(3, (int)after.Status).Bind(4, after.LastSeq)
            .Bind(5, after.Version).Bind(6, Timestamp.Of(after.UpdatedAt)).Bind(7, after.TimeZone)
            .Run();
        return (row.SessionKey, row.OwnerKey);
    }

    private (long SessionKey, long OwnerKey) Insert(SessionCommit commit)
    {
        var inserted = Insert(commit.Key, commit.After);
        if (commit.TombstoneVersion > 0)
            connection.Prepared(DropTombstoneSql).Bind(1, commit.Key.Tenant).Bind(2, commit.Key.Id).Run();
        return inserted;
    }

    public (long SessionKey, long OwnerKey) Insert(SessionKey key, Session after)
    {
        var ownerKey = FindOrInsertOwner(key.Tenant, after.UserId);
        connection.Prepared(InsertSql)
            .Bind(1, key.Tenant).Bind(2, key.Id).Bind(3, ownerKey).Bind(4, after.AgentId).Bind(5, (int)after.Status)
            .Bind(6, after.LastSeq).Bind(7, after.Version)
            .Bind(8, Timestamp.Of(after.CreatedAt)).Bind(9, Timestamp.Of(after.UpdatedAt)).Bind(10, after.TimeZone)
            .Run();
        return (connection.LastRowId, ownerKey);
    }

    public void InsertTurn(long change, long ownerKey, long sessionKey, Turn turn)
    {
        connection.Prepared(InsertTurnSql)
            .Bind(1, change).Bind(2, ownerKey).Bind(3, sessionKey).Bind(4, turn.Seq).Bind(5, turn.Id).Bind(6, turn.Role)
            .Bind(7, Timestamp.Of(turn.OccurredAt)).Bind(8, Timestamp.Of(turn.RecordedAt)).Bind(9, turn.Tokens)
            .Bind(10, (long)Timestamp.OffsetOf(turn.OccurredAt))
            .Run();
        var seal = connection.Seal;
        connection.Prepared(InsertTextSql)
            .Bind(1, change)
            .Bind(2, seal.Sealed(SealedField.TurnName, turn.SessionId, turn.Seq, turn.Name))
            .Bind(3, seal.Sealed(SealedField.TurnContent, turn.SessionId, turn.Seq, turn.Content))
            .Bind(4, seal.Sealed(SealedField.TurnMetadata, turn.SessionId, turn.Seq, turn.Metadata))
            .Run();
    }

    private long FindTombstone(SessionKey key)
    {
        using var rows = connection.Prepared(TombstoneSql).Bind(1, key.Tenant).Bind(2, key.Id).Query();
        return rows.Next() ? rows.Int64(0) : 0;
    }

    public long FindOrInsertOwner(string tenant, string? userId)
    {
        using (var rows = connection.Prepared(FindOwnerSql).Bind(1, tenant).Bind(2, userId).Query())
        {
            if (rows.Next())
                return rows.Int64(0);
        }

        connection.Prepared(InsertOwnerSql).Bind(1, tenant).Bind(2, userId).Run();
        return connection.LastRowId;
    }

    private readonly record struct SessionRow(
        long SessionKey, long OwnerKey, long Version, long LastSeq, bool SameOwners, string? UserId);
}
