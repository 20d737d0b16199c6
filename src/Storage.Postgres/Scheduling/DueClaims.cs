using MemoryOrleans.Scheduling;
using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Claims and counts due work of all tenants, as the role that sees ids only.</summary>
internal sealed class DueClaims(WorkerWrites worker)
{
    /// <summary>
    /// The kinds there are, by steps through the index, and of each wanted one the longest overdue: a backlog of kinds that
    /// nobody claims is not walked through. Rows another process is claiming or waking this moment are left to the next round.
    /// </summary>
    public const string ClaimSql = $"""
        WITH RECURSIVE kinds (kind) AS (
            (SELECT d.kind FROM due d WHERE d.state = 0 ORDER BY d.kind LIMIT 1)
            UNION ALL
            SELECT (SELECT d.kind FROM due d WHERE d.state = 0 AND d.kind > k.kind ORDER BY d.kind LIMIT 1) FROM kinds k WHERE k.kind IS NOT NULL),
        wanted AS MATERIALIZED (
            SELECT k.kind FROM kinds k WHERE EXISTS (SELECT FROM unnest($1::text[]) p (prefix) WHERE starts_with(k.kind, p.prefix))),
        overdue AS MATERIALIZED (
            SELECT f.tenant, f.id, f.due_at FROM wanted w CROSS JOIN LATERAL (
                SELECT d.tenant, d.id, d.due_at FROM due d
                WHERE d.state = 0 AND d.kind = w.kind AND d.due_at <= $2 AND d.lease_until <= $2
                    AND ($5::bigint >> (d.id & 63)::int) & 1 = 1
                ORDER BY d.due_at LIMIT $4 FOR UPDATE SKIP LOCKED) f
            ORDER BY f.due_at LIMIT $4),
        claimed AS (
            UPDATE due d SET claims = d.claims + 1, attempts = d.attempts + 1, lease_until = $3, due_at = $3, last_run_at = $2
            FROM overdue o WHERE d.tenant = o.tenant AND d.id = o.id
            RETURNING {DueQueries.Columns}, o.due_at AS was_due_at)
        SELECT * FROM claimed c ORDER BY c.was_due_at, c.id
        """;

    /// <summary>The same, what came due last before the rest: the index is read from its other end.</summary>
    public static readonly string ClaimNewestSql = ClaimSql
        .Replace("due_at LIMIT", "due_at DESC LIMIT", StringComparison.Ordinal)
        .Replace("was_due_at, c.id", "was_due_at DESC, c.id", StringComparison.Ordinal);

    /// <summary>Of each kind the longest overdue, by steps through the index, and the dead ones, of which there are few.</summary>
    public const string PeekSql = """
        WITH RECURSIVE kinds (kind) AS (
            (SELECT d.kind FROM due d WHERE d.state = 0 ORDER BY d.kind LIMIT 1)
            UNION ALL
            SELECT (SELECT d.kind FROM due d WHERE d.state = 0 AND d.kind > k.kind ORDER BY d.kind LIMIT 1) FROM kinds k WHERE k.kind IS NOT NULL),
        ready AS (
            SELECT k.kind, (SELECT d.due_at FROM due d WHERE d.state = 0 AND d.kind = k.kind ORDER BY d.due_at LIMIT 1) AS oldest
            FROM kinds k WHERE k.kind IS NOT NULL),
        dead AS (SELECT d.kind, count(*) AS count FROM due d WHERE d.state = 1 GROUP BY d.kind)
        SELECT coalesce(r.kind, d.kind), coalesce(d.count, 0), r.oldest FROM ready r FULL JOIN dead d ON d.kind = r.kind ORDER BY 1
        """;

    /// <summary>The journal that was to move on first, of whichever tenant.</summary>
    public const string LatestSql = "SELECT r.kind, r.expected_at FROM job_runs r ORDER BY r.expected_at LIMIT 1";

    /// <summary>Names of tenants by steps through the index, whatever the number of their users.</summary>
    public const string TenantsWithoutSql = """
        WITH RECURSIVE tenants (tenant) AS (
            (SELECT o.tenant FROM owners o ORDER BY o.tenant LIMIT 1)
            UNION ALL
            SELECT (SELECT o.tenant FROM owners o WHERE o.tenant > t.tenant ORDER BY o.tenant LIMIT 1) FROM tenants t WHERE t.tenant IS NOT NULL)
        SELECT t.tenant FROM tenants t
        WHERE t.tenant IS NOT NULL
          AND (SELECT d.id FROM due d WHERE d.tenant = t.tenant AND d.subject = '' AND d.kind = $1 LIMIT 1) IS NULL
        """;

    private const string CountSql = """
        SELECT d.kind, count(*) FILTER (WHERE d.state = 0), count(*) FILTER (WHERE d.state = 1), min(d.due_at) FILTER (WHERE d.state = 0)
        FROM due d GROUP BY d.kind ORDER BY d.kind
        """;

    /// <exception cref="StoreUnavailableException">The server cannot be reached or cannot write.</exception>
    public Task<IReadOnlyList<DueWork>> ClaimAsync(
        string[] kindPrefixes, long shards, int limit, DateTimeOffset now, TimeSpan lease, bool newestFirst, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(newestFirst ? ClaimNewestSql : ClaimSql);
        command.Parameters.AddArray(kindPrefixes, NpgsqlDbType.Text);
        command.Parameters.AddBigint(Timestamp.Of(now));
        command.Parameters.AddBigint(Timestamp.Of(now + lease));
        command.Parameters.AddBigint(limit);
        command.Parameters.AddBigint(shards);
        return worker.RunAsWorkerAsync(command, static (rows, token) => ReadAllAsync(rows, DueQueries.Read, token), cancel);
    }

    public Task<IReadOnlyList<DueBacklog>> CountAsync(CancellationToken cancel) =>
        worker.RunAsWorkerAsync(new NpgsqlBatchCommand(CountSql), DueQueries.ReadBacklogAsync, cancel);

    public Task<IReadOnlyList<DueLag>> PeekAsync(CancellationToken cancel) => worker.RunAsWorkerAsync(
        new NpgsqlBatchCommand(PeekSql),
        static (rows, token) => ReadAllAsync(rows,
        static row => new DueLag(row.GetString(0), row.GetInt64(1), DueQueries.TimeOrNull(row, 2)), token),
        cancel);

    public Task<LateJob?> FindLatestAsync(CancellationToken cancel) => worker.RunAsWorkerAsync<LateJob?>(
        new NpgsqlBatchCommand(LatestSql),
        static async (rows, token) => await rows.ReadAsync(token) ? new LateJob(rows.GetString(0), Timestamp.Read(rows.GetInt64(1))) : null,
        cancel);

    public Task<IReadOnlyList<string>> FindTenantsWithoutAsync(string kind, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(TenantsWithoutSql);
        command.Parameters.AddText(kind);
        return worker.RunAsWorkerAsync(command, static (rows, token) => ReadAllAsync(rows, static row => row.GetString(0), token), cancel);
    }

    private static async Task<IReadOnlyList<T>> ReadAllAsync<T>(TenantRows rows, Func<TenantRows, T> read, CancellationToken cancel)
    {
        var all = new List<T>();
        while (await rows.ReadAsync(cancel))
            all.Add(read(rows));
        return all;
    }
}
