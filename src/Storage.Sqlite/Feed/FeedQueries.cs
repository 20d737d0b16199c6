using MemoryOrleans.Feed;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>One batch of a partition's changes; <see cref="More"/> when it was cut at a limit.</summary>
internal sealed record FeedPage(IReadOnlyList<FeedChange> Changes, bool More);

/// <summary>Reads the change feed of a partition, in short snapshots.</summary>
internal static class FeedQueries
{
    private const int ChangesMax = 2000;
    private const int CharactersMax = 4 * 1024 * 1024;

    private const string OwnerSql = "SELECT owner_key FROM owners WHERE tenant = ?1 AND user_id IS ?2";
    private const string PartitionsSql = "SELECT user_id FROM owners WHERE tenant = ?1";
    private const string TurnHeadSql = "SELECT max(change) FROM turns WHERE owner_key = ?1";
    private const string RemovalHeadSql = "SELECT max(change) FROM removals WHERE owner_key = ?1";

    private const string TurnsSql = $"""
        SELECT {TurnQueries.Columns}, t.change, t.session_key
        FROM turns t CROSS JOIN turn_texts x ON x.change = t.change
        WHERE t.owner_key = ?1 AND t.change > ?2 AND x.content IS NOT NULL ORDER BY t.change LIMIT ?3
        """;

    private const string RemovalsSql = """
        SELECT change, session_id, seq FROM removals
        WHERE owner_key = ?1 AND change > ?2 AND change < ?3 ORDER BY change LIMIT ?4
        """;

    private const string SessionSql = "SELECT id, agent_id FROM sessions WHERE tenant = ?1 AND session_key = ?2";

    public static long FindHead(Connection connection, PartitionKey partition)
    {
        using var snapshot = new Snapshot(connection);
        return FindOwner(connection, partition) is { } owner
            ? Math.Max(Newest(connection, TurnHeadSql, owner), Newest(connection, RemovalHeadSql, owner))
            : 0;
    }

    public static IReadOnlyList<PartitionKey> ListPartitions(Connection connection, string tenant)
    {
        var partitions = new List<PartitionKey>();
        using var rows = connection.Prepared(PartitionsSql).Bind(1, tenant).Query();
        while (rows.Next())
            partitions.Add(new PartitionKey(tenant, rows.TextOrNull(0)));
        return partitions;
    }

    /// <summary>Turns after one change and removals after another, merged in change order.</summary>
    public static FeedPage ReadPage(
        Connection connection, (PartitionKey Partition, long TurnsAfter, long RemovalsAfter) query)
    {
        using var snapshot = new Snapshot(connection);
        if (FindOwner(connection, query.Partition) is not { } owner)
            return new FeedPage([], More: false);
        var (turns, moreTurns) = ReadTurns(connection, query.Partition.Tenant, owner, query.TurnsAfter);
        // Beyond a cut page of turns, removals belong to the next one.
        var before = moreTurns ? turns[^1].Change : long.MaxValue;
        var (removals, moreRemovals) = ReadRemovals(connection, owner, query.RemovalsAfter, before);
        if (moreRemovals)
            turns.RemoveAll(turn => turn.Change > removals[^1].Change);
        return new FeedPage(Merge(turns, removals), moreTurns || moreRemovals);
    }

    private static (List<FeedChange> Turns, bool More) ReadTurns(Connection connection, string tenant, long owner, long after)
    {
        var turns = new List<FeedChange>();
        var sessions = new Dictionary<long, (string Id, string? AgentId)>();
        var characters = 0;
        using var rows = connection.Prepared(TurnsSql).Bind(1, owner).Bind(2, after).Bind(3, ChangesMax).Query();
        while (characters < CharactersMax && rows.Next())
        {
            var sessionKey = rows.Int64(11);
            if (!sessions.TryGetValue(sessionKey, out var session))
                sessions.Add(sessionKey, session = ReadSession(connection, tenant, sessionKey));
            var turn = TurnQueries.Read(rows, session.Id);
            characters += turn.Content.Length;
            // What cannot be read is not recalled.
            turns.Add(UnreadableText.Is(turn.Content)
                ? new TurnErased(rows.Int64(10), turn.SessionId, turn.Seq)
                : new TurnCommitted(rows.Int64(10), turn, session.AgentId));
        }

        return (turns, turns.Count == ChangesMax || characters >= CharactersMax);
    }

    private static (List<FeedChange> Removals, bool More) ReadRemovals(Connection connection, long owner, long after, long before)
    {
        var removals = new List<FeedChange>();
        using var rows = connection.Prepared(RemovalsSql)
            .Bind(1, owner).Bind(2, after).Bind(3, before).Bind(4, ChangesMax)
            .Query();
        while (rows.Next())
            removals.Add(rows.IsNull(2) ? new SessionRemoved(rows.Int64(0), rows.Text(1))
                : new TurnErased(rows.Int64(0), rows.Text(1), rows.Int64(2)));
        return (removals, removals.Count == ChangesMax);
    }

    private static IReadOnlyList<FeedChange> Merge(List<FeedChange> turns, List<FeedChange> removals)
    {
        if (removals.Count == 0)
            return turns;
        turns.AddRange(removals);
        turns.Sort(static (a, b) => a.Change.CompareTo(b.Change));
        return turns;
    }

    private static (string Id, string? AgentId) ReadSession(Connection connection, string tenant, long sessionKey)
    {
        using var rows = connection.Prepared(SessionSql).Bind(1, tenant).Bind(2, sessionKey).Query();
        return rows.Next()
            ? (rows.Text(0), rows.TextOrNull(1))
            : throw new InvalidOperationException($"Turns of tenant {tenant} name a session that does not exist ({sessionKey}).");
    }

    private static long? FindOwner(Connection connection, PartitionKey partition)
    {
        using var rows = connection.Prepared(OwnerSql).Bind(1, partition.Tenant).Bind(2, partition.UserId).Query();
        return rows.Next() ? rows.Int64(0) : null;
    }

    private static long Newest(Connection connection, string sql, long owner)
    {
        using var rows = connection.Prepared(sql).Bind(1, owner).Query();
        return rows.Next() ? rows.Int64(0) : 0;
    }
}
