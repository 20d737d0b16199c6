namespace MemoryOrleans.Storage.Postgres;

/// <summary>Wakes the sessions that a new space is to be filled with.</summary>
internal static class FillQueries
{
    public static readonly TenantQuery<(int SpaceId, long Cursor, int Limit, long Now), long?> WakeSessions = new(
        "wake sessions",
        """
        WITH page AS MATERIALIZED (
            SELECT s.session_key, s.id FROM sessions s
            WHERE s.tenant = $1 AND s.session_key > $3 AND EXISTS (SELECT FROM spaces p WHERE p.id = $2 AND p.state < 2)
            ORDER BY s.session_key LIMIT $4),
        found AS (
            SELECT count(*) AS count, max(p.session_key) AS last, array_agg(p.id) AS ids,
                   array_agg('embed:' || $2) AS kinds, array_agg($5) AS dues
            FROM page p)
        SELECT f.count, f.last, CASE WHEN f.count > 0 THEN wake_1($1, f.ids, f.kinds, f.dues, $5)::text END FROM found f
        """,
        static (parameters, page) =>
        {
            parameters.Add(new Npgsql.NpgsqlParameter<int> { TypedValue = page.SpaceId });
            parameters.AddBigint(page.Cursor);
            parameters.AddBigint(page.Limit);
            parameters.AddBigint(page.Now);
        },
        static async (rows, page, cancel) => await rows.ReadAsync(cancel) && rows.GetInt64(0) == page.Limit ? rows.GetInt64(1) : null);
}
