using MemoryOrleans.Erasures;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads turns of a tenant's sessions.</summary>
internal static class TurnQueries
{
    /// <summary>The columns <see cref="Read"/> takes, of <c>turns t</c>.</summary>
    public const string Columns =
        "t.seq, t.turn_id, t.role, t.name, t.content, t.occurred_at, t.recorded_at, t.metadata, t.tokens, t.erased, t.utc_offset";

    private const string OfSession = $"""
        SELECT {Columns} FROM turns t
        WHERE t.tenant = $1 AND t.session_key = (SELECT s.session_key FROM sessions s WHERE s.tenant = $1 AND s.id = $2)
        """;

    public static readonly TenantQuery<(string SessionId, long AfterSeq, int Limit), IReadOnlyList<Turn>> ReadAfter = new(
        "read turns",
        $"{OfSession} AND t.seq > $3 ORDER BY t.seq LIMIT $4",
        static (parameters, query) =>
        {
            parameters.AddText(query.SessionId);
            parameters.AddBigint(query.AfterSeq);
            parameters.AddBigint(query.Limit);
        },
        static async (rows, query, cancel) => await ReadAllAsync(rows, query.SessionId, cancel));

    public static readonly TenantQuery<(string SessionId, int Limit), IReadOnlyList<Turn>> ReadTail = new(
        "read tail",
        $"{OfSession} ORDER BY t.seq DESC LIMIT $3",
        static (parameters, query) =>
        {
            parameters.AddText(query.SessionId);
            parameters.AddBigint(query.Limit);
        },
        static async (rows, query, cancel) =>
        {
            var turns = await ReadAllAsync(rows, query.SessionId, cancel);
            turns.Reverse();
            return turns;
        });

    public static readonly TenantQuery<(string SessionId, string[] TurnIds), IReadOnlyList<Turn>> FindByIds = new(
        "find turns by id",
        $"{OfSession} AND t.turn_id = ANY ($3::text[])",
        static (parameters, query) =>
        {
            parameters.AddText(query.SessionId);
            parameters.AddTexts(query.TurnIds);
        },
        static async (rows, query, cancel) => await ReadAllAsync(rows, query.SessionId, cancel));

    /// <summary>On the way of every recall. One look-up for each address, whatever the planner thinks of their number.</summary>
    public static readonly TenantQuery<(string[] SessionIds, long[] Seqs), IReadOnlyList<Turn>> ReadAddresses = new(
        "read turns by address",
        $"""
        SELECT {Columns}, a.id
        FROM unnest($2::text[], $3::bigint[]) AS a (id, seq)
        CROSS JOIN LATERAL (SELECT s.session_key FROM sessions s WHERE s.tenant = $1 AND s.id = a.id LIMIT 1) s
        CROSS JOIN LATERAL (SELECT * FROM turns t WHERE t.tenant = $1 AND t.session_key = s.session_key AND t.seq = a.seq LIMIT 1) t
        """,
        static (parameters, query) =>
        {
            parameters.AddTexts(query.SessionIds);
            parameters.AddBigints(query.Seqs);
        },
        static async (rows, _, cancel) =>
        {
            var turns = new List<Turn>();
            while (await rows.ReadAsync(cancel))
                turns.Add(Read(rows, rows.GetString(11)));
            return turns;
        });

    public static (string[] SessionIds, long[] Seqs) SplitAddresses(IReadOnlyList<TurnAddress> addresses) =>
        ([.. addresses.Select(static address => address.SessionId)], [.. addresses.Select(static address => address.Seq)]);

    public static readonly TenantQuery<(string SessionId, long[]? Seqs, long Now), ErasureCounts> Erase = new(
        "erase turns",
        "SELECT e.turns, e.vectors, e.records, e.works FROM erase_turns_2($1, $2, $3, $4) e",
        static (parameters, query) =>
        {
            parameters.AddText(query.SessionId);
            parameters.Add(new NpgsqlParameter<long[]?> { TypedValue = query.Seqs,
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
            parameters.AddBigint(query.Now);
        },
        static async (rows, _, cancel) =>
        {
            await rows.ReadAsync(cancel);
            return new ErasureCounts(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3));
        });

    public static Turn Read(TenantRows rows, string sessionId) => new(
        sessionId,
        rows.GetInt64(0),
        rows.GetString(1),
        RoleName(rows.GetString(2)),
        rows.OpenedOrNull(3, SealedField.TurnName, sessionId, rows.GetInt64(0)),
        rows.Opened(4, SealedField.TurnContent, sessionId, rows.GetInt64(0)),
        Timestamp.Read(rows.GetInt64(5), rows.GetInt16(10)),
        Timestamp.Read(rows.GetInt64(6)),
        rows.OpenedOrNull(7, SealedField.TurnMetadata, sessionId, rows.GetInt64(0)),
        rows.GetInt32(8))
    {
        IsErased = rows.GetBoolean(9),
    };

    private static async Task<List<Turn>> ReadAllAsync(TenantRows rows, string sessionId, CancellationToken cancel)
    {
        var turns = new List<Turn>();
        while (await rows.ReadAsync(cancel))
            turns.Add(Read(rows, sessionId));
        return turns;
    }

    // The usual roles are kept once, however many turns are held in memory.
    private static string RoleName(string role) => role switch
    {
        "user" => "user",
        "assistant" => "assistant",
        _ => role,
    };
}
