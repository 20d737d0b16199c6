using MemoryOrleans.Scheduling;
using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Journals of recurring jobs: a tenant's own, each statement bound to it.</summary>
internal static class JobRuns
{
    public static readonly TenantQuery<bool, IReadOnlyList<JobRun>> List = new(
        "list job runs",
        """
        SELECT r.kind, r.expected_at, r.started_at, r.heartbeat_at, r.position, r.progress, r.last_run_at, r.last_counts
        FROM job_runs r WHERE r.tenant = $1 ORDER BY r.kind
        """,
        static (_, _) => { },
        static async (rows, _, cancel) =>
        {
            var runs = new List<JobRun>();
            while (await rows.ReadAsync(cancel))
                runs.Add(Read(rows));
            return runs;
        });

    public static readonly TenantQuery<JobRun, bool> Save = new(
        "save job run",
        """
        INSERT INTO job_runs AS r (tenant, kind, expected_at, started_at, heartbeat_at, position, progress, last_run_at, last_counts)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (tenant, kind) DO UPDATE SET
                expected_at = excluded.expected_at, started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at,
                position = excluded.position, progress = excluded.progress, last_run_at = excluded.last_run_at, last_counts = excluded.last_counts
        """,
        static (parameters, run) =>
        {
            parameters.AddText(run.Kind);
            parameters.AddBigint(Timestamp.Of(run.ExpectedAt));
            AddOrNull(parameters, NpgsqlDbType.Bigint, Timestamp.Of(run.StartedAt));
            AddOrNull(parameters, NpgsqlDbType.Bigint, Timestamp.Of(run.HeartbeatAt));
            AddOrNull(parameters, NpgsqlDbType.Text, run.Position);
            parameters.AddText(run.Progress.ToColumn());
            AddOrNull(parameters, NpgsqlDbType.Bigint, Timestamp.Of(run.LastRunAt));
            parameters.AddText(run.LastCounts.ToColumn());
        },
        static (_, _, _) => Task.FromResult(true));

    public static readonly TenantQuery<string, bool> Remove = new(
        "remove job run",
        "DELETE FROM job_runs r WHERE r.tenant = $1 AND r.kind = $2",
        static (parameters, kind) => parameters.AddText(kind),
        static (_, _, _) => Task.FromResult(true));

    /// <summary>Every query here, for the test of plans.</summary>
    public static IEnumerable<(string Name, string Sql)> All => [List.Text, Save.Text, Remove.Text];

    private static JobRun Read(TenantRows rows) => new(rows.GetString(0), Timestamp.Read(rows.GetInt64(1)))
    {
        StartedAt = TimeOrNull(rows, 2),
        HeartbeatAt = TimeOrNull(rows, 3),
        Position = rows.IsDBNull(4) ? null : rows.GetString(4),
        Progress = JobCounts.FromColumn(rows.GetString(5)),
        LastRunAt = TimeOrNull(rows, 6),
        LastCounts = JobCounts.FromColumn(rows.GetString(7)),
    };

    private static DateTimeOffset? TimeOrNull(TenantRows rows, int column) =>
        rows.IsDBNull(column) ? null : Timestamp.Read(rows.GetInt64(column));

    private static void AddOrNull(NpgsqlParameterCollection parameters, NpgsqlDbType type, object? value) =>
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
}
