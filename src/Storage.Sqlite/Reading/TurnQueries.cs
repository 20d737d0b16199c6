using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads turns of a tenant's sessions.</summary>
internal static class TurnQueries
{
    /// <summary>The columns <see cref="Read"/> takes, of <c>turns t</c> and <c>turn_texts x</c>.</summary>
    public const string Columns =
        "t.seq, t.turn_id, t.role, x.name, x.content, t.occurred_at, t.recorded_at, x.metadata, t.tokens, t.utc_offset";

    private const string OfSession = $"""
        SELECT {Columns}
        FROM sessions s
        CROSS JOIN turns t ON t.session_key = s.session_key
        CROSS JOIN turn_texts x ON x.change = t.change
        WHERE s.tenant = ?1 AND s.id = ?2
        """;

    private const string AfterSql = $"{OfSession} AND t.seq > ?3 ORDER BY t.seq LIMIT ?4";
    private const string TailSql = $"{OfSession} ORDER BY t.seq DESC LIMIT ?3";
    private const string BySeqSql = $"{OfSession} AND t.seq = ?3";
    private const string ByTurnIdSql = $"{OfSession} AND t.turn_id = ?3";

    public static IReadOnlyList<Turn> ReadAfter(Connection connection, (SessionKey Key, long AfterSeq, int Limit) query)
    {
        var turns = new List<Turn>();
        using var rows = connection.Prepared(AfterSql)
            .Bind(1, query.Key.Tenant).Bind(2, query.Key.Id).Bind(3, query.AfterSeq).Bind(4, query.Limit)
            .Query();
        while (rows.Next())
            turns.Add(Read(rows, query.Key.Id));
        return turns;
    }

    public static IReadOnlyList<Turn> ReadTail(Connection connection, (SessionKey Key, int Limit) query)
    {
        var turns = new List<Turn>();
        using var rows = connection.Prepared(TailSql)
            .Bind(1, query.Key.Tenant).Bind(2, query.Key.Id).Bind(3, query.Limit)
            .Query();
        while (rows.Next())
            turns.Add(Read(rows, query.Key.Id));
        turns.Reverse();
        return turns;
    }

    public static IReadOnlyList<Turn> FindByIds(Connection connection, (SessionKey Key, IReadOnlyCollection<string> TurnIds) query)
    {
        var turns = new List<Turn>(query.TurnIds.Count);
        using var snapshot = new Snapshot(connection);
        var statement = connection.Prepared(ByTurnIdSql).Bind(1, query.Key.Tenant).Bind(2, query.Key.Id);
        foreach (var turnId in query.TurnIds)
        {
            using var rows = statement.Bind(3, turnId).Query();
            if (rows.Next())
                turns.Add(Read(rows, query.Key.Id));
        }

        return turns;
    }

    /// <summary>On the way of every recall, so each address is one prepared look-up and all share one snapshot.</summary>
    public static IReadOnlyList<Turn> ReadAddresses(Connection connection, (string Tenant, IReadOnlyList<TurnAddress> Addresses) query)
    {
        var turns = new List<Turn>(query.Addresses.Count);
        using var snapshot = new Snapshot(connection);
        var statement = connection.Prepared(BySeqSql).Bind(1, query.Tenant);
        foreach (var address in query.Addresses)
        {
            using var rows = statement.Bind(2, address.SessionId).Bind(3, address.Seq).Query();
            if (rows.Next())
                turns.Add(Read(rows, address.SessionId));
        }

        return turns;
    }

    public static Turn Read(Statement.Rows rows, string sessionId) => new(
        sessionId,
        rows.Int64(0),
        rows.Text(1),
        RoleName(rows.Bytes(2)),
        rows.OpenedOrNull(3, SealedField.TurnName, sessionId, rows.Int64(0)),
        rows.Opened(4, SealedField.TurnContent, sessionId, rows.Int64(0)),
        Timestamp.Read(rows.Int64(5), (int)rows.Int64(9)),
        rows.Time(6),
        rows.OpenedOrNull(7, SealedField.TurnMetadata, sessionId, rows.Int64(0)),
        (int)rows.Int64(8))
    {
        IsErased = rows.IsNull(4),
    };

    /// <summary>The usual roles without a new string for every turn.</summary>
    private static string RoleName(ReadOnlySpan<byte> utf8)
    {
        if (utf8.SequenceEqual("user"u8))
            return "user";
        if (utf8.SequenceEqual("assistant"u8))
            return "assistant";
        return System.Text.Encoding.UTF8.GetString(utf8);
    }
}
