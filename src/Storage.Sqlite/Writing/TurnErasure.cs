using MemoryOrleans.Erasures;
using MemoryOrleans.Feed;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Erases turns and what was made of them, inside the committer's transaction. Texts are emptied where they are; see the schema.
/// </summary>
internal sealed class TurnErasure(WriteTransaction transaction)
{
    private const string FindSql = """
        SELECT s.session_key, s.owner_key, o.user_id FROM sessions s CROSS JOIN owners o ON o.owner_key = s.owner_key
        WHERE s.tenant = ?1 AND s.id = ?2
        """;

    private const string LivingSql = """
        SELECT t.seq, t.change FROM turns t CROSS JOIN turn_texts x ON x.change = t.change
        WHERE t.session_key = ?1 AND x.content IS NOT NULL ORDER BY t.seq
        """;

    private const string EraseTextSql = "UPDATE turn_texts SET name = NULL, content = NULL, metadata = NULL WHERE change = ?1";
    private const string EraseTurnSql = "UPDATE turns SET tokens = 0 WHERE change = ?1";

    private const string RemoveRecordsSql = """
        DELETE FROM idempotency WHERE change IN (
            SELECT i.change FROM turns t CROSS JOIN idempotency i ON i.change = t.change
            WHERE t.session_key = ?1 AND t.seq <= ?2 AND t.seq + i.count > ?2)
        """;

    private const string InsertRemovalSql = "INSERT INTO removals (change, owner_key, session_id, seq) VALUES (?1, ?2, ?3, ?4)";
    private const string UpdateSessionSql =
        "UPDATE sessions SET version = version + 1, erased_version = version + 1, updated_at = max(updated_at, ?2) WHERE session_key = ?1";

    private readonly Connection connection = transaction.Connection;

    public ErasureCounts Erase(SessionKey key, IReadOnlyCollection<long>? seqs, DateTimeOffset now)
    {
        if (Find(key) is not { } session)
            return new ErasureCounts();
        var living = FindLiving(session.SessionKey);
        var wanted = seqs?.ToHashSet();
        var erased = living.Where(turn => wanted?.Contains(turn.Seq) != false).ToArray();
        if (erased.Length == 0)
            return new ErasureCounts();

        var counts = new ErasureCounts(Turns: erased.Length);
        foreach (var (seq, change) in erased)
            counts += EraseTurn(session.SessionKey, seq, change);
        counts += ForgetFollowers(key, session.SessionKey,
            [.. living.Select(static turn => turn.Seq).Except(erased.Select(static turn => turn.Seq))], erased, now);
        var isAll = erased.Length == living.Count;
        if (isAll)
            counts += new ErasureCounts(DueWork: transaction.Due.RemoveOf(key));
        connection.Prepared(UpdateSessionSql).Bind(1, session.SessionKey).Bind(2, Timestamp.Of(now)).Run();
        Tell(key, session, isAll ? [null] : [.. erased.Select(static turn => (long?)turn.Seq)]);
        return counts;
    }

    private ErasureCounts EraseTurn(long sessionKey, long seq, long change)
    {
        connection.Prepared(EraseTextSql).Bind(1, change).Run();
        connection.Prepared(EraseTurnSql).Bind(1, change).Run();
        var records = connection.Prepared(RemoveRecordsSql).Bind(1, sessionKey).Bind(2, seq).Run();
        return new ErasureCounts(Vectors: transaction.Vectors.RemoveOf(sessionKey, seq).Sum(static each => each.Count),
            IdempotencyRecords: records);
    }

    // The vectors of the turn after an erased one may hold text of it: they go too, and are made again without.
    private ErasureCounts ForgetFollowers(
        SessionKey key, long sessionKey, HashSet<long> left, (long Seq, long Change)[] erased, DateTimeOffset now)
    {
        var counts = new ErasureCounts();
        var living = transaction.Spaces.Living;
        foreach (var seq in erased.Select(static turn => turn.Seq).Where(seq => left.Contains(seq + 1)))
        {
            foreach (var (space, count) in transaction.Vectors.RemoveOf(sessionKey, seq + 1))
            {
                counts += new ErasureCounts(Vectors: count);
                if (living.Contains(space))
                    transaction.Due.SetBack(key, DueKinds.Embed(space), seq, now);
            }
        }

        return counts;
    }

    /// <summary>A removal for each turn; for the whole session, seq null, when nothing of it is left.</summary>
    private void Tell(SessionKey key, SessionRow session, long?[] seqs)
    {
        var first = transaction.NextChange(seqs.Length);
        for (var i = 0; i < seqs.Length; i++)
            connection.Prepared(InsertRemovalSql).Bind(1, first + i).Bind(2, session.OwnerKey).Bind(3, key.Id).Bind(4, seqs[i]).Run();
        transaction.Advance(new PartitionKey(key.Tenant, session.UserId), first + seqs.Length - 1, erased: true);
    }

    private SessionRow? Find(SessionKey key)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, key.Tenant).Bind(2, key.Id).Query();
        return rows.Next() ? new SessionRow(rows.Int64(0), rows.Int64(1), rows.TextOrNull(2)) : null;
    }

    private List<(long Seq, long Change)> FindLiving(long sessionKey)
    {
        var living = new List<(long Seq, long Change)>();
        using var rows = connection.Prepared(LivingSql).Bind(1, sessionKey).Query();
        while (rows.Next())
            living.Add((rows.Int64(0), rows.Int64(1)));
        return living;
    }

    private sealed record SessionRow(long SessionKey, long OwnerKey, string? UserId);
}
