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

    private const string CountSql = """
        SELECT d.kind, count(*) FILTER (WHERE d.state = 0), count(*) FILTER (WHERE d.state = 1), min(d.due_at) FILTER (WHERE d.state = 0)
        FROM due d GROUP BY d.kind ORDER BY d.kind
        """;

    /// <exception cref="StoreUnavailableException">The server cannot be reached or cannot write.</exception>
    public Task<IReadOnlyList<DueWork>> ClaimAsync(
        string[] kindPrefixes, long shards, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(ClaimSql);
        command.Parameters.AddArray(kindPrefixes, NpgsqlDbType.Text);
        command.Parameters.AddBigint(Timestamp.Of(now));
        command.Parameters.AddBigint(Timestamp.Of(now + lease));
        command.Parameters.AddBigint(limit);
        command.Parameters.AddBigint(shards);
        return worker.RunAsWorkerAsync(command, ReadAllAsync, cancel);
    }

    public Task<IReadOnlyList<DueBacklog>> CountAsync(CancellationToken cancel) =>
        worker.RunAsWorkerAsync(new NpgsqlBatchCommand(CountSql), DueQueries.ReadBacklogAsync, cancel);

    private static async Task<IReadOnlyList<DueWork>> ReadAllAsync(NpgsqlDataReader rows, CancellationToken cancel)
    {
        var works = new List<DueWork>();
        while (await rows.ReadAsync(cancel))
            works.Add(DueQueries.Read(rows));
        return works;
    }
}
