using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads due work.</summary>
internal static class DueQueries
{
    /// <summary>The columns <see cref="Read"/> takes, of <c>due d</c>.</summary>
    public const string Columns = """
        d.id, d.tenant, d.kind, d.subject, d.state, d.due_at, d.cursor, d.attempts, d.wakes, d.claims, d.last_error, d.last_run_at, d.created_at
        """;

    private const string CountSql = """
        SELECT d.kind, sum(d.state = 0), sum(d.state = 1), min(CASE d.state WHEN 0 THEN d.due_at END)
        FROM due d GROUP BY d.kind
        """;

    private const string CountOfTenantSql = """
        SELECT d.kind, sum(d.state = 0), sum(d.state = 1), min(CASE d.state WHEN 0 THEN d.due_at END)
        FROM due d WHERE d.tenant = ?1 GROUP BY d.kind
        """;

    private const string NextKindSql = "SELECT min(d.kind) FROM due d WHERE d.state = 0 AND d.kind > ?1";

    private const string OverdueSql =
        "SELECT 1 FROM due d WHERE d.state = 0 AND d.kind = ?1 AND d.due_at <= ?2 AND d.lease_until <= ?2 ORDER BY d.due_at LIMIT 1";

    private const string FindSql = $"SELECT {Columns} FROM due d WHERE d.tenant = ?1 AND d.subject = ?3 AND d.kind = ?2";
    private const string OldestSql = "SELECT d.due_at FROM due d WHERE d.state = 0 AND d.kind = ?1 ORDER BY d.due_at LIMIT 1";
    private const string DeadSql = "SELECT d.kind, count(*) FROM due d WHERE d.state = 1 GROUP BY d.kind";

    private static readonly string[] ListSql = [ListSqlFor(""), ListSqlFor(" AND d.state = 0"), ListSqlFor(" AND d.state = 1")];

    public static Page<DueWork> List(
        Connection connection, (string Tenant, DueState? State, string? KindPrefix, DuePosition After, int Limit) query)
    {
        var works = new List<DueWork>();
        using var rows = connection.Prepared(ListSql[query.State is { } state ? (int)state + 1 : 0])
            .Bind(1, query.Tenant).Bind(2, query.After.Id).Bind(3, query.Limit + 1L).Bind(4, query.KindPrefix ?? string.Empty)
            .Query();
        while (rows.Next())
        {
            if (works.Count == query.Limit)
                return new Page<DueWork>(works, new DuePosition(works[^1].Id).ToCursor());
            works.Add(Read(rows));
        }

        return new Page<DueWork>(works, NextCursor: null);
    }

    public static DueWork? Find(Connection connection, (string Tenant, string Kind, string Subject) query)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, query.Tenant).Bind(2, query.Kind).Bind(3, query.Subject).Query();
        return rows.Next() ? Read(rows) : null;
    }

    public static IReadOnlyList<DueLag> Peek(Connection connection, bool unused)
    {
        _ = unused;
        using var snapshot = new Snapshot(connection);
        var dead = FindDead(connection);
        var kinds = FindKinds(connection, [string.Empty]).ToList();
        return [.. kinds.Union(dead.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(kind => new DueLag(kind, dead.GetValueOrDefault(kind), FindOldest(connection, kind)))];
    }

    public static bool IsAnyOverdue(Connection connection, (IReadOnlyCollection<string> KindPrefixes, DateTimeOffset Now) query)
    {
        foreach (var kind in FindKinds(connection, query.KindPrefixes))
        {
            using var rows = connection.Prepared(OverdueSql).Bind(1, kind).Bind(2, Timestamp.Of(query.Now)).Query();
            if (rows.Next())
                return true;
        }

        return false;
    }

    /// <summary>Kinds of ready work that begin with one of the prefixes, by steps through the index.</summary>
    public static IEnumerable<string> FindKinds(Connection connection, IReadOnlyCollection<string> prefixes)
    {
        for (var kind = FindNextKind(connection, string.Empty); kind is not null; kind = FindNextKind(connection, kind))
        {
            if (prefixes.Any(prefix => kind.StartsWith(prefix, StringComparison.Ordinal)))
                yield return kind;
        }
    }

    public static IReadOnlyList<DueBacklog> Count(Connection connection, string? tenant)
    {
        var backlog = new List<DueBacklog>();
        var statement = tenant is null ? connection.Prepared(CountSql) : connection.Prepared(CountOfTenantSql).Bind(1, tenant);
        using var rows = statement.Query();
        while (rows.Next())
            backlog.Add(new DueBacklog(rows.Text(0), rows.Int64(1), rows.Int64(2), rows.IsNull(3) ? null : rows.Time(3)));
        backlog.Sort(static (a, b) => string.CompareOrdinal(a.Kind, b.Kind));
        return backlog;
    }

    public static DueWork Read(Statement.Rows rows) => new(
        rows.Int64(0),
        rows.Text(1),
        rows.Text(2),
        rows.Text(3),
        (DueState)rows.Int64(4),
        rows.Time(5),
        rows.Int64(6),
        (int)rows.Int64(7),
        rows.Int64(8),
        rows.Int64(9),
        rows.TextOrNull(10),
        rows.IsNull(11) ? null : rows.Time(11),
        rows.Time(12));

    private static Dictionary<string, long> FindDead(Connection connection)
    {
        var dead = new Dictionary<string, long>(StringComparer.Ordinal);
        using var rows = connection.Prepared(DeadSql).Query();
        while (rows.Next())
            dead.Add(rows.Text(0), rows.Int64(1));
        return dead;
    }

    private static DateTimeOffset? FindOldest(Connection connection, string kind)
    {
        using var rows = connection.Prepared(OldestSql).Bind(1, kind).Query();
        return rows.Next() ? rows.Time(0) : null;
    }

    private static string? FindNextKind(Connection connection, string after)
    {
        using var rows = connection.Prepared(NextKindSql).Bind(1, after).Query();
        return rows.Next() ? rows.TextOrNull(0) : null;
    }

    // The prefix is compared as bytes: LIKE and GLOB would read signs in it.
    private static string ListSqlFor(string state) => $"""
        SELECT {Columns} FROM due d
        WHERE d.tenant = ?1 AND d.id > ?2{state} AND substr(d.kind, 1, length(?4)) = ?4 ORDER BY d.id LIMIT ?3
        """;
}
