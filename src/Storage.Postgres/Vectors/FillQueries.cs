namespace MemoryOrleans.Storage.Postgres;

/// <summary>Wakes the sessions, memories and entities that a new space is to be filled with.</summary>
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
        Bind,
        ReadNextAsync);

    public static readonly TenantQuery<(int SpaceId, long Cursor, int Limit, long Now), long?> WakeMemories = new(
        "wake memories",
        """
        WITH page AS MATERIALIZED (
            SELECT m.memory_key, m.id, m.status FROM memories m
            WHERE m.tenant = $1 AND m.memory_key > $3 AND EXISTS (SELECT FROM spaces p WHERE p.id = $2 AND p.state < 2)
            ORDER BY m.memory_key LIMIT $4),
        found AS (
            SELECT count(*) AS count, max(p.memory_key) AS last, array_agg(p.id) FILTER (WHERE p.status = ANY ($6)) AS ids FROM page p)
        SELECT f.count, f.last,
               CASE WHEN f.ids IS NOT NULL THEN wake_1(
                   $1, f.ids, array_fill('embed_memory:' || $2, ARRAY[cardinality(f.ids)]), array_fill($5, ARRAY[cardinality(f.ids)]), $5)::text END
        FROM found f
        """,
        static (parameters, page) =>
        {
            Bind(parameters, page);
            parameters.AddArray(MemoryVectorQueries.Recallable, NpgsqlTypes.NpgsqlDbType.Smallint);
        },
        ReadNextAsync);

    /// <summary>Holds the tenant's row of the graph, so that no commit wakes the same works meanwhile, in another order.</summary>
    public static readonly TenantQuery<(int SpaceId, long Cursor, int Limit, long Now), long?> WakeEntities = new(
        "wake entities",
        """
        WITH held AS MATERIALIZED (SELECT t.tenant FROM graph_tenants t WHERE t.tenant = $1 FOR SHARE),
        page AS MATERIALIZED (
            SELECT e.entity_key, e.id FROM graph_entities e
            WHERE e.tenant = $1 AND e.entity_key > $3 AND EXISTS (SELECT FROM held)
                AND EXISTS (SELECT FROM spaces p WHERE p.id = $2 AND p.state < 2)
            ORDER BY e.entity_key LIMIT $4),
        found AS (
            SELECT count(*) AS count, max(p.entity_key) AS last, array_agg(p.id) AS ids,
                   array_agg('embed_entity:' || $2) AS kinds, array_agg($5) AS dues
            FROM page p)
        SELECT f.count, f.last, CASE WHEN f.count > 0 THEN wake_1($1, f.ids, f.kinds, f.dues, $5)::text END FROM found f
        """,
        Bind,
        ReadNextAsync);

    private static void Bind(Npgsql.NpgsqlParameterCollection parameters, (int SpaceId, long Cursor, int Limit, long Now) page)
    {
        parameters.Add(new Npgsql.NpgsqlParameter<int> { TypedValue = page.SpaceId });
        parameters.AddBigint(page.Cursor);
        parameters.AddBigint(page.Limit);
        parameters.AddBigint(page.Now);
    }

    private static async Task<long?> ReadNextAsync(
        Npgsql.NpgsqlDataReader rows, (int SpaceId, long Cursor, int Limit, long Now) page, CancellationToken cancel) =>
        await rows.ReadAsync(cancel) && rows.GetInt64(0) == page.Limit ? rows.GetInt64(1) : null;
}
