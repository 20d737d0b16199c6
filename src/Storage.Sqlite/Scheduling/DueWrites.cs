using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes due work, inside the committer's transaction; the one thread makes every claim exclusive.</summary>
internal sealed class DueWrites(Connection connection, EventWrites events)
{
    private const string WakeSql = """
        INSERT INTO due (tenant, kind, subject, due_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (tenant, subject, kind) DO UPDATE SET
            wakes = wakes + 1,
            state = 0,
            attempts = CASE state WHEN 0 THEN attempts ELSE 0 END,
            due_at = CASE state WHEN 0 THEN max(min(due_at, excluded.due_at), not_before) ELSE excluded.due_at END
        """;

    private const string SetBackSql = """
        INSERT INTO due (tenant, kind, subject, due_at, created_at, cursor) VALUES (?1, ?2, ?3, ?4, ?4, ?5)
        ON CONFLICT (tenant, subject, kind) DO UPDATE SET
            wakes = wakes + 1,
            claims = claims + 1,
            state = 0,
            attempts = 0,
            lease_until = 0,
            due_at = max(excluded.due_at, not_before),
            cursor = CASE cursor WHEN 0 THEN excluded.cursor ELSE min(cursor, excluded.cursor) END
        """;

    private const string OverdueSql = $"""
        SELECT {DueQueries.Columns} FROM due d
        WHERE d.state = 0 AND d.kind = ?1 AND d.due_at <= ?2 AND d.lease_until <= ?2 AND (?4 >> (d.id & 63)) & 1 ORDER BY d.due_at LIMIT ?3
        """;

    private const string NewestSql = $"""
        SELECT {DueQueries.Columns} FROM due d
        WHERE d.state = 0 AND d.kind = ?1 AND d.due_at <= ?2 AND d.lease_until <= ?2 AND (?4 >> (d.id & 63)) & 1 ORDER BY d.due_at DESC LIMIT ?3
        """;

    private const string ClaimSql = """
        UPDATE due SET claims = claims + 1, attempts = attempts + 1, lease_until = ?3, due_at = ?3, last_run_at = ?2 WHERE id = ?1
        """;

    private const string RemoveSql = "DELETE FROM due WHERE tenant = ?1 AND id = ?2 AND claims = ?3 AND wakes = ?4";

    private const string FinishWokenSql = """
        UPDATE due SET cursor = ?4, attempts = 0, last_error = NULL, not_before = 0, lease_until = 0
        WHERE tenant = ?1 AND id = ?2 AND claims = ?3
        """;

    private const string PostponeSql = """
        UPDATE due SET cursor = ?4, attempts = 0, last_error = NULL, not_before = 0, lease_until = 0,
            due_at = CASE WHEN wakes = ?6 THEN ?5 ELSE min(?5, due_at) END
        WHERE tenant = ?1 AND id = ?2 AND claims = ?3
        """;

    private const string RetrySql = """
        UPDATE due SET cursor = ?4, last_error = ?6, not_before = ?5, lease_until = 0, due_at = ?5
        WHERE tenant = ?1 AND id = ?2 AND claims = ?3
        """;

    private const string BurySql = """
        UPDATE due SET state = 1, cursor = ?4, last_error = ?6, not_before = 0, lease_until = 0, due_at = ?5
        WHERE tenant = ?1 AND id = ?2 AND claims = ?3
        """;

    private const string RequeueSql = "UPDATE due SET state = 0, attempts = 0, due_at = ?3 WHERE tenant = ?1 AND id = ?2 AND state = 1";
    private const string FindSql = $"SELECT {DueQueries.Columns} FROM due d WHERE d.tenant = ?1 AND d.id = ?2";
    private const string RemoveOfSubjectSql = "DELETE FROM due WHERE tenant = ?1 AND subject = ?2";
    private const string RemoveOfKindSql = "DELETE FROM due WHERE kind = ?1";

    public void Wake(string tenant, string kind, string subject, DateTimeOffset dueAt, DateTimeOffset now) =>
        connection.Prepared(WakeSql)
            .Bind(1, tenant).Bind(2, kind).Bind(3, subject).Bind(4, Timestamp.Of(dueAt)).Bind(5, Timestamp.Of(now))
            .Run();

    /// <summary>
    /// Makes work due again from a cursor, or from its own where that is less; a claim of it, whose end would move it on, is void.
    /// </summary>
    public void SetBack(SessionKey session, string kind, long cursor, DateTimeOffset now) =>
        connection.Prepared(SetBackSql)
            .Bind(1, session.Tenant).Bind(2, kind).Bind(3, session.Id).Bind(4, Timestamp.Of(now)).Bind(5, cursor)
            .Run();

    /// <summary>
    /// The longest overdue of all wanted kinds, or the newest; a backlog of kinds that nobody claims is not walked through.
    /// </summary>
    public IReadOnlyList<DueWork> Claim(
        IReadOnlyCollection<string> kindPrefixes, long shards, int limit, DateTimeOffset now, TimeSpan lease, bool newestFirst)
    {
        var overdue = new List<DueWork>();
        foreach (var kind in DueQueries.FindKinds(connection, kindPrefixes))
            AddOverdue(overdue, kind, shards, limit, now, newestFirst);

        var ordered = newestFirst ? overdue.OrderByDescending(static work => work.DueAt) : overdue.OrderBy(static work => work.DueAt);
        var claimed = ordered.ThenBy(static work => work.Id).Take(limit).ToArray();
        foreach (var work in claimed)
            connection.Prepared(ClaimSql).Bind(1, work.Id).Bind(2, Timestamp.Of(now)).Bind(3, Timestamp.Of(now + lease)).Run();
        return [.. claimed.Select(work => work
            with { Claims = work.Claims + 1, Attempts = work.Attempts + 1, LastRunAt = Timestamp.Read(Timestamp.Of(now)) })];
    }

    public bool Finish(DueWork work, long cursor) =>
        OfClaim(RemoveSql, work).Bind(4, work.Wakes).Run() > 0 || OfClaim(FinishWokenSql, work).Bind(4, cursor).Run() > 0;

    public bool Postpone(DueWork work, long cursor, DateTimeOffset dueAt) =>
        OfClaim(PostponeSql, work).Bind(4, cursor).Bind(5, Timestamp.Of(dueAt)).Bind(6, work.Wakes).Run() > 0;

    public bool Retry(DueWork work, long cursor, DateTimeOffset dueAt, string reason) =>
        OfClaim(RetrySql, work).Bind(4, cursor).Bind(5, Timestamp.Of(dueAt)).Bind(6, DueReason.Keep(reason)).Run() > 0;

    public bool Bury(DueWork work, long cursor, string reason, DateTimeOffset now)
    {
        if (OfClaim(BurySql, work).Bind(4, cursor).Bind(5, Timestamp.Of(now)).Bind(6, DueReason.Keep(reason)).Run() == 0)
            return false;
        events.TellDead(work, now);
        return true;
    }

    public DueWork? Requeue(string tenant, long id, DateTimeOffset now)
    {
        if (connection.Prepared(RequeueSql).Bind(1, tenant).Bind(2, id).Bind(3, Timestamp.Of(now)).Run() == 0)
            return null;
        using var rows = connection.Prepared(FindSql).Bind(1, tenant).Bind(2, id).Query();
        return rows.Next() ? DueQueries.Read(rows) : null;
    }

    public int RemoveOf(SessionKey session) => connection.Prepared(RemoveOfSubjectSql).Bind(1, session.Tenant).Bind(2, session.Id).Run();

    public void RemoveKind(string kind) => connection.Prepared(RemoveOfKindSql).Bind(1, kind).Run();

    private void AddOverdue(List<DueWork> overdue, string kind, long shards, int limit, DateTimeOffset now, bool newestFirst)
    {
        using var rows = connection.Prepared(newestFirst ? NewestSql : OverdueSql).Bind(1, kind).Bind(2, Timestamp.Of(now)).Bind(3, limit)
            .Bind(4, shards).Query();
        while (rows.Next())
            overdue.Add(DueQueries.Read(rows));
    }

    private Statement OfClaim(string sql, DueWork work) =>
        connection.Prepared(sql).Bind(1, work.Tenant).Bind(2, work.Id).Bind(3, work.Claims);
}
