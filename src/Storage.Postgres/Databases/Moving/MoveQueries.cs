using MemoryOrleans.Hosting;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>The newest move of each tenant, in the home database.</summary>
internal static class MoveQueries
{
    private const string Columns =
        "m.tenant, m.source, m.target, m.state, m.heartbeat_at, m.started_at, m.ended_at, m.rows_copied, m.held_from, m.held_until, "
        + "m.error, m.maker";

    /// <summary>Those under way, and those that ended lately: since <c>$1</c>.</summary>
    public const string RecentSql = $"SELECT {Columns} FROM moves m WHERE m.state < 3 OR m.heartbeat_at > $1";

    /// <summary>The newest move of a tenant, or null.</summary>
    public static readonly TenantQuery<bool, StoredMove?> Find = new(
        "find move",
        $"SELECT {Columns} FROM moves m WHERE m.tenant = $1",
        static (_, _) => { },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? Read(rows) : null);

    /// <summary>Begins a move, unless one is under way.</summary>
    public static readonly TenantQuery<(string Source, string Target, string Maker, long Now), bool> Begin = new(
        "begin move",
        """
        INSERT INTO moves AS m (tenant, source, target, state, maker, heartbeat_at, started_at) VALUES ($1, $2, $3, 0, $4, $5, $5)
        ON CONFLICT (tenant) DO UPDATE SET source = excluded.source, target = excluded.target, state = 0, maker = excluded.maker,
            heartbeat_at = excluded.heartbeat_at, started_at = excluded.started_at, ended_at = NULL, rows_copied = 0, held_from = NULL,
            held_until = NULL, error = NULL
        WHERE m.state >= 3
        RETURNING true
        """,
        static (parameters, args) =>
        {
            parameters.AddText(args.Source);
            parameters.AddText(args.Target);
            parameters.AddText(args.Maker);
            parameters.AddBigint(args.Now);
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    /// <summary>Notes how far its maker is; false when it is another's by now.</summary>
    public static readonly TenantQuery<MoveStep, bool> Step = new(
        "note move",
        """
        UPDATE moves m SET state = $3, heartbeat_at = $4, rows_copied = greatest(m.rows_copied, $5), error = $6,
            held_from = CASE WHEN $3 = 1 THEN coalesce(m.held_from, $4) ELSE m.held_from END,
            held_until = CASE WHEN $7 THEN coalesce(m.held_until, $4) ELSE m.held_until END,
            ended_at = CASE WHEN $3 >= 3 THEN $4 END
        WHERE m.tenant = $1 AND m.maker = $2 RETURNING true
        """,
        static (parameters, step) =>
        {
            parameters.AddText(step.Maker);
            parameters.AddSmallint((short)step.State);
            parameters.AddBigint(step.Now);
            parameters.AddBigint(step.Rows);
            parameters.AddText(step.Error);
            parameters.Add(new NpgsqlParameter<bool> { TypedValue = step.IsReleased });
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    /// <summary>The moment at which the tenant is in the target: one statement, and only while its maker holds the writes.</summary>
    public static readonly TenantQuery<(string Maker, long Now), bool> Switch = new(
        "switch tenant",
        """
        WITH moved AS (
            UPDATE moves m SET state = 2, heartbeat_at = $3 WHERE m.tenant = $1 AND m.maker = $2 AND m.state = 1 RETURNING m.target)
        INSERT INTO placements AS p (tenant, database, placed_at) SELECT $1, m.target, $3 FROM moved m
        ON CONFLICT (tenant) DO UPDATE SET database = excluded.database, placed_at = excluded.placed_at
        RETURNING true
        """,
        static (parameters, args) =>
        {
            parameters.AddText(args.Maker);
            parameters.AddBigint(args.Now);
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    /// <summary>Takes a move over that nobody has made for a while.</summary>
    public static readonly TenantQuery<(string Maker, long Now, long Before), bool> TakeOver = new(
        "take move over",
        "UPDATE moves m SET maker = $2, heartbeat_at = $3 WHERE m.tenant = $1 AND m.state < 3 AND m.heartbeat_at < $4 RETURNING true",
        static (parameters, args) =>
        {
            parameters.AddText(args.Maker);
            parameters.AddBigint(args.Now);
            parameters.AddBigint(args.Before);
        },
        static (rows, _, cancel) => rows.ReadAsync(cancel));

    public static async Task<IReadOnlyList<StoredMove>> ReadAllAsync(TenantRows rows, CancellationToken cancel)
    {
        var moves = new List<StoredMove>();
        while (await rows.ReadAsync(cancel))
            moves.Add(Read(rows));
        return moves;
    }

    private static StoredMove Read(TenantRows rows) => new(
        new TenantMove(
            rows.GetString(0), rows.GetString(1), rows.GetString(2), (MoveState)rows.GetInt16(3), rows.GetInt64(7),
            Timestamp.Read(rows.GetInt64(5)),
            TimeOrNull(rows, 6), TimeOrNull(rows, 8), TimeOrNull(rows, 9), rows.IsDBNull(10) ? null : rows.GetString(10)),
        Timestamp.Read(rows.GetInt64(4)),
        rows.GetString(11));

    private static DateTimeOffset? TimeOrNull(TenantRows rows, int column) =>
        rows.IsDBNull(column) ? null : Timestamp.Read(rows.GetInt64(column));
}

/// <summary>A move with its maker, and the time at which that last said that it makes it.</summary>
internal sealed record StoredMove(TenantMove Move, DateTimeOffset HeartbeatAt, string Maker);

/// <summary>How long things about moves take.</summary>
/// <param name="Heartbeat">How often a maker says that it is one.</param>
/// <param name="DeadAfter">A maker that has said nothing for so long is taken for dead.</param>
/// <param name="KnownAfter">After this time no process believes what it knew before; for as long writes are held after a switch.</param>
/// <param name="ReadsEndAfter">After this time no read is under way in the old database; null: what its time-outs say.</param>
internal sealed record MovePace(TimeSpan Heartbeat, TimeSpan DeadAfter, TimeSpan KnownAfter, TimeSpan? ReadsEndAfter = null)
{
    public static readonly MovePace Default =
        new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), TenantDatabases.FreshFor + TimeSpan.FromMilliseconds(500));
}

/// <summary>How far a move is, as its maker notes it.</summary>
/// <param name="IsReleased">Writes are taken again.</param>
internal sealed record MoveStep(string Maker, MoveState State, long Now, long Rows, string? Error = null, bool IsReleased = false);
