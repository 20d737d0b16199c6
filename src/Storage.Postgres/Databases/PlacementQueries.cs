namespace MemoryOrleans.Storage.Postgres;

/// <summary>The directory of tenants, in the home database.</summary>
internal static class PlacementQueries
{
    public const string AllSql = "SELECT p.tenant, p.database FROM placements p";
    public const string CountSql = "SELECT p.database, count(*) FROM placements p GROUP BY p.database";
    public const string ElsewhereSql = "SELECT p.database, p.tenant FROM placements p WHERE p.database <> $1 LIMIT 1";
    public const string SizeSql = "SELECT pg_database_size(current_database())";

    /// <summary>Names of tenants by steps through the index, whatever the number of their users.</summary>
    public const string TenantsSql = """
        WITH RECURSIVE tenants (tenant) AS (
            (SELECT o.tenant FROM owners o ORDER BY o.tenant LIMIT 1)
            UNION ALL
            SELECT (SELECT o.tenant FROM owners o WHERE o.tenant > t.tenant ORDER BY o.tenant LIMIT 1) FROM tenants t WHERE t.tenant IS NOT NULL)
        SELECT t.tenant FROM tenants t WHERE t.tenant IS NOT NULL
        """;

    /// <summary>The database of a tenant, or null.</summary>
    public static readonly TenantQuery<bool, string?> Find = new(
        "find placement",
        "SELECT p.database FROM placements p WHERE p.tenant = $1",
        static (_, _) => { },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? rows.GetString(0) : null);

    /// <summary>Places a tenant that has no place yet; whoever comes second changes nothing.</summary>
    public static readonly TenantQuery<(string Database, long Now), bool> Place = new(
        "place tenant",
        "INSERT INTO placements (tenant, database, placed_at) VALUES ($1, $2, $3) ON CONFLICT (tenant) DO NOTHING",
        static (parameters, args) =>
        {
            parameters.AddText(args.Database);
            parameters.AddBigint(args.Now);
        },
        static (_, _, _) => Task.FromResult(true));

    /// <summary>
    /// True when the database holds anything of the tenant that was written before there was a directory. Ordered, so that an index is
    /// used also where the planner takes a new tenant for one of a few large ones.
    /// </summary>
    public static readonly TenantQuery<bool, bool> Holds = new(
        "holds tenant",
        """
        SELECT coalesce(
            (SELECT o.tenant FROM owners o WHERE o.tenant = $1 ORDER BY o.user_id LIMIT 1),
            (SELECT s.tenant FROM tenant_settings s WHERE s.tenant = $1),
            (SELECT k.tenant FROM api_keys k WHERE k.tenant = $1 ORDER BY k.id LIMIT 1),
            (SELECT a.tenant FROM audit a WHERE a.tenant = $1 ORDER BY a.audit_key LIMIT 1),
            (SELECT g.tenant FROM graph_tenants g WHERE g.tenant = $1),
            (SELECT e.tenant FROM erasures e WHERE e.tenant = $1 ORDER BY e.erasure_key LIMIT 1),
            (SELECT j.tenant FROM job_runs j WHERE j.tenant = $1 ORDER BY j.kind LIMIT 1),
            (SELECT t.tenant FROM tombstones t WHERE t.tenant = $1 ORDER BY t.id LIMIT 1),
            (SELECT d.tenant FROM due d WHERE d.tenant = $1 ORDER BY d.subject, d.kind LIMIT 1)) IS NOT NULL
        """,
        static (_, _) => { },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) && rows.GetBoolean(0));

    public static async Task<IReadOnlyList<(string Name, T Value)>> ReadPairsAsync<T>(TenantRows rows, CancellationToken cancel)
    {
        var pairs = new List<(string, T)>();
        while (await rows.ReadAsync(cancel))
            pairs.Add((rows.GetString(0), rows.GetFieldValue<T>(1)));
        return pairs;
    }
}
