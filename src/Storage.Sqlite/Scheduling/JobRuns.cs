using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Journals of recurring jobs.</summary>
internal static class JobRuns
{
    private const string ListSql = """
        SELECT r.kind, r.expected_at, r.started_at, r.heartbeat_at, r.position, r.progress, r.last_run_at, r.last_counts
        FROM job_runs r WHERE r.tenant = ?1 ORDER BY r.kind
        """;

    private const string SaveSql = """
        INSERT OR REPLACE INTO job_runs (tenant, kind, expected_at, started_at, heartbeat_at, position, progress, last_run_at, last_counts)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    private const string RemoveSql = "DELETE FROM job_runs WHERE tenant = ?1 AND kind = ?2";
    private const string LatestSql = "SELECT r.kind, r.expected_at FROM job_runs r ORDER BY r.expected_at LIMIT 1";

    // By steps through the index of owners, whatever the number of a tenant's users.
    private const string TenantsWithoutSql = """
        WITH RECURSIVE tenants (tenant) AS (
            SELECT min(o.tenant) FROM owners o
            UNION ALL
            SELECT (SELECT min(o.tenant) FROM owners o WHERE o.tenant > t.tenant) FROM tenants t WHERE t.tenant IS NOT NULL)
        SELECT t.tenant FROM tenants t
        WHERE t.tenant IS NOT NULL AND NOT EXISTS (SELECT 1 FROM due d WHERE d.tenant = t.tenant AND d.subject = '' AND d.kind = ?1)
        """;

    public static IReadOnlyList<JobRun> List(Connection connection, string tenant)
    {
        var runs = new List<JobRun>();
        using var rows = connection.Prepared(ListSql).Bind(1, tenant).Query();
        while (rows.Next())
        {
            runs.Add(new JobRun(rows.Text(0), rows.Time(1))
            {
                StartedAt = rows.TimeOrNull(2),
                HeartbeatAt = rows.TimeOrNull(3),
                Position = rows.TextOrNull(4),
                Progress = JobCounts.FromColumn(rows.Text(5)),
                LastRunAt = rows.TimeOrNull(6),
                LastCounts = JobCounts.FromColumn(rows.Text(7)),
            });
        }

        return runs;
    }

    public static LateJob? FindLatest(Connection connection, bool unused)
    {
        _ = unused;
        using var rows = connection.Prepared(LatestSql).Query();
        return rows.Next() ? new LateJob(rows.Text(0), rows.Time(1)) : null;
    }

    public static IReadOnlyList<string> FindTenantsWithout(Connection connection, string kind)
    {
        var tenants = new List<string>();
        using var rows = connection.Prepared(TenantsWithoutSql).Bind(1, kind).Query();
        while (rows.Next())
            tenants.Add(rows.Text(0));
        return tenants;
    }

    public static bool Save(Connection connection, string tenant, JobRun run) => connection.Prepared(SaveSql)
        .Bind(1, tenant).Bind(2, run.Kind).Bind(3, Timestamp.Of(run.ExpectedAt)).Bind(4, Timestamp.Of(run.StartedAt))
        .Bind(5, Timestamp.Of(run.HeartbeatAt)).Bind(6, run.Position).Bind(7, run.Progress.ToColumn())
        .Bind(8, Timestamp.Of(run.LastRunAt)).Bind(9, run.LastCounts.ToColumn())
        .Run() > 0;

    public static bool Remove(Connection connection, string tenant, string kind) =>
        connection.Prepared(RemoveSql).Bind(1, tenant).Bind(2, kind).Run() > 0;
}
